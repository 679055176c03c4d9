using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>Which USDT probe: <c>usdt/BINARY:PROVIDER:NAME</c>.</summary>
/// <param name="Binary">A path, or the name of a library or program to be searched for.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Name">The probe.</param>
internal readonly record struct UsdtTarget(string Binary, string Provider, string Name)
{
    /// <summary>Reads a section name; unlike libbpf 1.8, <c>usdt.s</c> as well as <c>usdt</c>.</summary>
    /// <returns>False when it names no target at all (<c>usdt</c>): the program is not attached by itself.</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParse(string section, out UsdtTarget target)
    {
        target = default;
        SectionTarget parts = SectionTarget.Split(section);
        if (!parts.HasArgument) return false;

        string[] pieces = parts.Argument.ToString().Split(':');
        if (pieces.Length < 3 || pieces.AsSpan(0, 3).Contains(""))
            throw parts.Error("it needs a binary, a provider and a probe", "usdt/BINARY:PROVIDER:NAME");
        target = new UsdtTarget(pieces[0], pieces[1], pieces[2]);
        return true;
    }
}
