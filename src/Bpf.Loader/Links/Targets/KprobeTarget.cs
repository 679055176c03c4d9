using System;
using System.Globalization;

namespace Bpf.Loader.Links.Targets;

/// <summary>Where a kprobe goes: <c>kprobe/FUNCTION[+OFFSET]</c>.</summary>
/// <param name="Function">The kernel function.</param>
/// <param name="Offset">Bytes from its beginning.</param>
internal readonly record struct KprobeTarget(string Function, ulong Offset)
{
    private const string Form = "kprobe/FUNCTION or kprobe/FUNCTION+OFFSET";

    /// <summary>Reads a section name.</summary>
    /// <returns>False when it names no target at all (<c>kprobe</c>): the program is not attached by itself.</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParse(string section, out KprobeTarget target)
    {
        target = default;
        SectionTarget parts = SectionTarget.Split(section);
        if (!parts.HasArgument) return false;

        int end = 0;
        while (end < parts.Argument.Length && (char.IsAsciiLetterOrDigit(parts.Argument[end]) || parts.Argument[end] is '_' or '.')) end++;
        if (end == 0)
            throw parts.Error("no function is named", Form);

        // As libbpf does: what follows the function and is not a number is passed over.
        ReadOnlySpan<char> rest = parts.Argument[end..];
        if (!CInteger.TryRead(rest, out long offset, out _)) offset = 0;
        if (offset < 0)
            throw parts.Error($"the offset {offset.ToString(CultureInfo.InvariantCulture)} is negative", Form);
        if (offset != 0 && parts.Kind.StartsWith("kretprobe", StringComparison.Ordinal))
            throw parts.Error("the return of a function has no offset", "kretprobe/FUNCTION");
        target = new KprobeTarget(new string(parts.Argument[..end]), (ulong)offset);
        return true;
    }
}
