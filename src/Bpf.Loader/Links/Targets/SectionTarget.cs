using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>A section name cut into the hook's kind and the target that follows its first slash.</summary>
internal readonly ref struct SectionTarget
{
    private readonly string _section;

    private SectionTarget(string section, int slash)
    {
        _section = section;
        HasArgument = slash >= 0;
        Kind = HasArgument ? section.AsSpan(0, slash) : section;
        Argument = HasArgument ? section.AsSpan(slash + 1) : default;
    }

    /// <summary>What is in front of the slash, such as <c>uprobe.s</c>.</summary>
    public ReadOnlySpan<char> Kind { get; }

    /// <summary>True when there is a slash, even with nothing behind it.</summary>
    public bool HasArgument { get; }

    /// <summary>What is behind the slash.</summary>
    public ReadOnlySpan<char> Argument { get; }

    public static SectionTarget Split(string section) => new(section, section.IndexOf('/', StringComparison.Ordinal));

    /// <summary>The error for a target that cannot be understood.</summary>
    public BpfAttachException Error(string reason, string expected) => new(
        BpfDiagnosticId.BadAttachTarget,
        $"section '{_section}'",
        $"The section name '{_section}' does not say where to attach: {reason}.",
        hint: $"Write it as {expected}.");
}
