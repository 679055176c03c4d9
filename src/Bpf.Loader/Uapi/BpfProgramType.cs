namespace Bpf.Loader;

/// <summary>The type of a program: <c>enum bpf_prog_type</c>.</summary>
/// <remarks>Values equal the uapi; a value that this version does not name is legal and is shown as its number.</remarks>
public enum BpfProgramType : uint
{
    /// <summary><c>BPF_PROG_TYPE_UNSPEC</c>: no type; the kernel refuses it.</summary>
    Unspecified = 0,

    /// <summary><c>BPF_PROG_TYPE_SOCKET_FILTER</c>: filters the packets of a socket (3.19).</summary>
    SocketFilter = 1,

    /// <summary><c>BPF_PROG_TYPE_KPROBE</c>: kprobes, uprobes, USDT and their multi and session forms (4.1).</summary>
    Kprobe = 2,

    /// <summary><c>BPF_PROG_TYPE_SCHED_CLS</c>: traffic classifier; tc, tcx and netkit (4.1).</summary>
    SchedCls = 3,

    /// <summary><c>BPF_PROG_TYPE_SCHED_ACT</c>: traffic control action (4.1).</summary>
    SchedAct = 4,

    /// <summary><c>BPF_PROG_TYPE_TRACEPOINT</c>: static tracepoint (4.7).</summary>
    Tracepoint = 5,

    /// <summary><c>BPF_PROG_TYPE_XDP</c>: packets at the driver (4.8).</summary>
    Xdp = 6,

    /// <summary><c>BPF_PROG_TYPE_PERF_EVENT</c>: samples of a perf event (4.9).</summary>
    PerfEvent = 7,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_SKB</c>: packets of a cgroup (4.10).</summary>
    CgroupSkb = 8,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_SOCK</c>: sockets made or bound in a cgroup (4.10).</summary>
    CgroupSock = 9,

    /// <summary><c>BPF_PROG_TYPE_LWT_IN</c>: lightweight tunnel, input (4.10).</summary>
    LwtIn = 10,

    /// <summary><c>BPF_PROG_TYPE_LWT_OUT</c>: lightweight tunnel, output (4.10).</summary>
    LwtOut = 11,

    /// <summary><c>BPF_PROG_TYPE_LWT_XMIT</c>: lightweight tunnel, transmit (4.10).</summary>
    LwtXmit = 12,

    /// <summary><c>BPF_PROG_TYPE_SOCK_OPS</c>: TCP events of a cgroup (4.13).</summary>
    SockOps = 13,

    /// <summary><c>BPF_PROG_TYPE_SK_SKB</c>: stream parser and verdict of a sockmap (4.14).</summary>
    SkSkb = 14,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_DEVICE</c>: device access of a cgroup (4.15).</summary>
    CgroupDevice = 15,

    /// <summary><c>BPF_PROG_TYPE_SK_MSG</c>: messages sent through a sockmap (4.17).</summary>
    SkMsg = 16,

    /// <summary><c>BPF_PROG_TYPE_RAW_TRACEPOINT</c>: tracepoint with its raw arguments (4.17).</summary>
    RawTracepoint = 17,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_SOCK_ADDR</c>: bind, connect, sendmsg and the like of a cgroup (4.17).</summary>
    CgroupSockAddr = 18,

    /// <summary><c>BPF_PROG_TYPE_LWT_SEG6LOCAL</c>: segment routing (4.18).</summary>
    LwtSeg6Local = 19,

    /// <summary><c>BPF_PROG_TYPE_LIRC_MODE2</c>: infrared decoder (4.18).</summary>
    LircMode2 = 20,

    /// <summary><c>BPF_PROG_TYPE_SK_REUSEPORT</c>: selects a socket of a reuseport group (4.19).</summary>
    SkReusePort = 21,

    /// <summary><c>BPF_PROG_TYPE_FLOW_DISSECTOR</c>: flow dissector of a network namespace (4.20).</summary>
    FlowDissector = 22,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_SYSCTL</c>: sysctl access of a cgroup (5.2).</summary>
    CgroupSysctl = 23,

    /// <summary><c>BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE</c>: raw tracepoint whose buffer may be written (5.2).</summary>
    RawTracepointWritable = 24,

    /// <summary><c>BPF_PROG_TYPE_CGROUP_SOCKOPT</c>: getsockopt and setsockopt of a cgroup (5.3).</summary>
    CgroupSockOpt = 25,

    /// <summary><c>BPF_PROG_TYPE_TRACING</c>: fentry, fexit, fmod_ret, tp_btf and iterators (5.5).</summary>
    Tracing = 26,

    /// <summary><c>BPF_PROG_TYPE_STRUCT_OPS</c>: a callback of a kernel structure (5.6).</summary>
    StructOps = 27,

    /// <summary><c>BPF_PROG_TYPE_EXT</c>: replaces a global function of another program (5.6).</summary>
    Ext = 28,

    /// <summary><c>BPF_PROG_TYPE_LSM</c>: security module hook (5.7).</summary>
    Lsm = 29,

    /// <summary><c>BPF_PROG_TYPE_SK_LOOKUP</c>: selects the socket for a packet (5.9).</summary>
    SkLookup = 30,

    /// <summary><c>BPF_PROG_TYPE_SYSCALL</c>: may make bpf(2) calls; run from user space (5.14).</summary>
    Syscall = 31,

    /// <summary><c>BPF_PROG_TYPE_NETFILTER</c>: netfilter hook (6.4).</summary>
    Netfilter = 32,
}
