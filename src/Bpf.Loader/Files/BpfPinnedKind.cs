namespace Bpf.Loader;

/// <summary>What is pinned under a path.</summary>
public enum BpfPinnedKind
{
    /// <summary>A kind that this version does not know.</summary>
    Other,

    /// <summary>A map.</summary>
    Map,

    /// <summary>A program.</summary>
    Program,

    /// <summary>A link: an attachment.</summary>
    Link,
}
