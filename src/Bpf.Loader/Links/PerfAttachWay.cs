namespace Bpf.Loader.Links;

/// <summary>How a program gets onto a perf event.</summary>
internal enum PerfAttachWay
{
    /// <summary>By a link where the kernel has it, else by the ioctl.</summary>
    Any,

    /// <summary>By a link (5.15) or not at all.</summary>
    Link,

    /// <summary>By the ioctl, as on kernels before 5.15.</summary>
    IoControl,
}
