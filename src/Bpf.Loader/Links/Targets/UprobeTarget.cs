using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>Where a uprobe goes: <c>uprobe/BINARY:FUNCTION[+OFFSET]</c>.</summary>
/// <param name="Binary">A path, the name of a library or program to be searched for, or <c>ARCHIVE!/ENTRY</c>.</param>
/// <param name="Function">The function, which may carry a version (<c>NAME@VERSION</c>), or a pattern of functions.</param>
/// <param name="Offset">Bytes from the beginning of the function.</param>
internal readonly record struct UprobeTarget(string Binary, string Function, ulong Offset)
{
    private const string Form = "uprobe/BINARY:FUNCTION or uprobe/BINARY:FUNCTION+OFFSET";

    /// <summary>Reads the section name of a single probe.</summary>
    /// <returns>False when it names no target at all (<c>uprobe</c>): the program is not attached by itself.</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParse(string section, out UprobeTarget target)
    {
        SectionTarget parts = SectionTarget.Split(section);
        if (!TrySplit(parts, Form, out target)) return false;

        FunctionPlace place = FunctionPlace.Parse(target.Function);
        if (place.Offset < 0)
            throw parts.Error("the offset is negative", Form);
        if (place.Offset != 0 && parts.Kind.StartsWith("uretprobe", StringComparison.Ordinal))
            throw parts.Error("the return of a function has no offset", "uretprobe/BINARY:FUNCTION");
        target = new UprobeTarget(target.Binary, place.Function, (ulong)place.Offset);
        return true;
    }

    /// <summary>Reads the section name of a probe at many functions: what follows the colon is a pattern.</summary>
    /// <returns>False when it names no target at all (<c>uprobe.multi</c>).</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParsePattern(string section, out UprobeTarget target)
    {
        SectionTarget parts = SectionTarget.Split(section);
        return TrySplit(parts, $"{parts.Kind}/BINARY:PATTERN, where * stands for any text and ? for one character", out target);
    }

    private static bool TrySplit(SectionTarget parts, string form, out UprobeTarget target)
    {
        target = default;
        // As libbpf does: a section with nothing between slash and colon names no target.
        int colon = parts.Argument.IndexOf(':');
        if (parts.Argument.IsEmpty || colon == 0) return false;
        if (colon < 0)
            throw parts.Error("':FUNCTION' is missing behind the binary", form);
        if (colon + 1 == parts.Argument.Length)
            throw parts.Error("no function is named behind the colon", form);
        target = new UprobeTarget(new string(parts.Argument[..colon]), new string(parts.Argument[(colon + 1)..]), 0);
        return true;
    }
}
