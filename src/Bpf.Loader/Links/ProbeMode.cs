namespace Bpf.Loader.Links;

/// <summary>By which of the kernel's ways a kernel or user function is probed.</summary>
public enum ProbeMode
{
    /// <summary>The newest that this kernel has.</summary>
    Default,

    /// <summary>By tracefs: the probe is seen there by others. The only way before 4.17.</summary>
    TraceFs,

    /// <summary>By a perf event of its own, on which the program is put by ioctl (4.17).</summary>
    PerfEvent,

    /// <summary>By a perf event of its own and a link (5.15).</summary>
    Link,
}
