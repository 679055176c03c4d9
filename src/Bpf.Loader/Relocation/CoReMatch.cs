namespace Bpf.Loader.Relocation;

/// <summary>What a comparison of two types comes to.</summary>
internal enum CoReMatch
{
    No,
    Yes,

    /// <summary>The types are nested too deep, or refer to each other in too many ways, to tell.</summary>
    TooDeep,

    /// <summary>The access goes through a type whose size cannot be told.</summary>
    NoSize,
}
