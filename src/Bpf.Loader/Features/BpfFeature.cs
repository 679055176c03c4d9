namespace Bpf.Loader;

/// <summary>Abilities of kernels that are not a type of program or map, nor a helper.</summary>
public enum BpfFeature
{
    /// <summary>The kernel describes its types (<c>/sys/kernel/btf/vmlinux</c>, 5.4 with CONFIG_DEBUG_INFO_BTF), as CO-RE needs.</summary>
    KernelBtf,

    /// <summary>Modules describe their types (5.11).</summary>
    ModuleBtf,

    /// <summary>Programs can be loaded with types, functions and source lines (4.18, 5.0).</summary>
    ProgramBtf,

    /// <summary>Global variables (5.2).</summary>
    GlobalData,

    /// <summary>Arrays that can be mapped, so that globals are read without system calls (5.5).</summary>
    MappableArrays,

    /// <summary>Ring buffers (5.8).</summary>
    RingBuffer,

    /// <summary>Links: attachments with a number, that can be pinned and updated (5.7).</summary>
    Links,

    /// <summary>Links of kprobes, uprobes, tracepoints and perf events (5.15).</summary>
    PerfLinks,

    /// <summary>Cookies: a number that a program is given of each of its attachments (5.15).</summary>
    Cookies,

    /// <summary>Links to many kernel functions at once (5.18 with CONFIG_FPROBE).</summary>
    KprobeMulti,

    /// <summary>Links to many user functions at once (6.6).</summary>
    UprobeMulti,

    /// <summary>Kprobes, by perf events or tracefs (CONFIG_KPROBES).</summary>
    Kprobes,

    /// <summary>Uprobes, by perf events or tracefs (CONFIG_UPROBES).</summary>
    Uprobes,

    /// <summary>Several entries of a map in one system call (5.6).</summary>
    BatchOperations,

    /// <summary>Loops of bounded length (5.3).</summary>
    BoundedLoops,

    /// <summary>Programs of up to a million instructions (5.2).</summary>
    LargePrograms,

    /// <summary>BPF security hooks are enabled (5.7, and <c>bpf</c> among the kernel's <c>lsm=</c>).</summary>
    BpfLsm,
}
