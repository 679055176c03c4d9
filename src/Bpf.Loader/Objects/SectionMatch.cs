namespace Bpf.Loader.Objects;

/// <summary>Which section names a <see cref="SectionDefinition"/> is for.</summary>
public enum SectionMatch
{
    /// <summary>Its name and nothing else: <c>xdp</c>.</summary>
    Exact,

    /// <summary>Its name, alone or with an argument: <c>kprobe</c> and <c>kprobe/do_unlinkat</c>.</summary>
    OptionalArgument,

    /// <summary>Its name with an argument: <c>type/</c> and something after it.</summary>
    RequiredArgument,
}
