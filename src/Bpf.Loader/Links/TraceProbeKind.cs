namespace Bpf.Loader.Links;

/// <summary>A kind of probe that tracefs registers.</summary>
internal enum TraceProbeKind
{
    /// <summary>A kernel function, at entry or between.</summary>
    Kprobe,

    /// <summary>A kernel function, at return.</summary>
    Kretprobe,

    /// <summary>A user function, at entry or between.</summary>
    Uprobe,

    /// <summary>A user function, at return.</summary>
    Uretprobe,
}
