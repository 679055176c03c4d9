namespace Bpf.Loader;

/// <summary>The type of a link: <c>enum bpf_link_type</c>.</summary>
/// <remarks>Values equal the uapi; a value that this version does not name is legal and is shown as its number.</remarks>
public enum BpfLinkType : uint
{
    /// <summary><c>BPF_LINK_TYPE_UNSPEC</c>: no type.</summary>
    Unspecified = 0,

    /// <summary><c>BPF_LINK_TYPE_RAW_TRACEPOINT</c>: raw tracepoint (5.8).</summary>
    RawTracepoint = 1,

    /// <summary><c>BPF_LINK_TYPE_TRACING</c>: fentry, fexit, fmod_ret, tp_btf, LSM and freplace (5.8).</summary>
    Tracing = 2,

    /// <summary><c>BPF_LINK_TYPE_CGROUP</c>: cgroup hook (5.8).</summary>
    Cgroup = 3,

    /// <summary><c>BPF_LINK_TYPE_ITER</c>: iterator (5.8).</summary>
    Iter = 4,

    /// <summary><c>BPF_LINK_TYPE_NETNS</c>: network namespace hook (5.8).</summary>
    Netns = 5,

    /// <summary><c>BPF_LINK_TYPE_XDP</c>: network device (5.9).</summary>
    Xdp = 6,

    /// <summary><c>BPF_LINK_TYPE_PERF_EVENT</c>: perf event: kprobe, uprobe, tracepoint or sampling (5.15).</summary>
    PerfEvent = 7,

    /// <summary><c>BPF_LINK_TYPE_KPROBE_MULTI</c>: many kprobes (5.18).</summary>
    KprobeMulti = 8,

    /// <summary><c>BPF_LINK_TYPE_STRUCT_OPS</c>: kernel structure of callbacks (6.4).</summary>
    StructOps = 9,

    /// <summary><c>BPF_LINK_TYPE_NETFILTER</c>: netfilter hook (6.4).</summary>
    Netfilter = 10,

    /// <summary><c>BPF_LINK_TYPE_TCX</c>: tcx (6.6).</summary>
    Tcx = 11,

    /// <summary><c>BPF_LINK_TYPE_UPROBE_MULTI</c>: many uprobes (6.6).</summary>
    UprobeMulti = 12,

    /// <summary><c>BPF_LINK_TYPE_NETKIT</c>: netkit device (6.7).</summary>
    Netkit = 13,

    /// <summary><c>BPF_LINK_TYPE_SOCKMAP</c>: sockmap (6.10).</summary>
    SockMap = 14,

    /// <summary><c>BPF_LINK_TYPE_TRACING_MULTI</c>: many functions, by trampolines (newer than 6.19).</summary>
    TracingMulti = 15,
}
