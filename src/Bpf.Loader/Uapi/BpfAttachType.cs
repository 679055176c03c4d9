namespace Bpf.Loader;

/// <summary>What a program attaches to: <c>enum bpf_attach_type</c>.</summary>
/// <remarks>Values equal the uapi; a value that this version does not name is legal and is shown as its number.</remarks>
public enum BpfAttachType : uint
{
    /// <summary><c>BPF_CGROUP_INET_INGRESS</c>: packets into a cgroup; also the value when there is no attach type (4.10).</summary>
    CgroupInetIngress = 0,

    /// <summary><c>BPF_CGROUP_INET_EGRESS</c>: packets out of a cgroup (4.10).</summary>
    CgroupInetEgress = 1,

    /// <summary><c>BPF_CGROUP_INET_SOCK_CREATE</c>: creation of an inet socket (4.10).</summary>
    CgroupInetSockCreate = 2,

    /// <summary><c>BPF_CGROUP_SOCK_OPS</c>: TCP events of a cgroup (4.13).</summary>
    CgroupSockOps = 3,

    /// <summary><c>BPF_SK_SKB_STREAM_PARSER</c>: stream parser of a sockmap (4.14).</summary>
    SkSkbStreamParser = 4,

    /// <summary><c>BPF_SK_SKB_STREAM_VERDICT</c>: stream verdict of a sockmap (4.14).</summary>
    SkSkbStreamVerdict = 5,

    /// <summary><c>BPF_CGROUP_DEVICE</c>: device access (4.15).</summary>
    CgroupDevice = 6,

    /// <summary><c>BPF_SK_MSG_VERDICT</c>: messages sent through a sockmap (4.17).</summary>
    SkMsgVerdict = 7,

    /// <summary><c>BPF_CGROUP_INET4_BIND</c>: bind of an IPv4 socket (4.17).</summary>
    CgroupInet4Bind = 8,

    /// <summary><c>BPF_CGROUP_INET6_BIND</c>: bind of an IPv6 socket (4.17).</summary>
    CgroupInet6Bind = 9,

    /// <summary><c>BPF_CGROUP_INET4_CONNECT</c>: connect of an IPv4 socket (4.17).</summary>
    CgroupInet4Connect = 10,

    /// <summary><c>BPF_CGROUP_INET6_CONNECT</c>: connect of an IPv6 socket (4.17).</summary>
    CgroupInet6Connect = 11,

    /// <summary><c>BPF_CGROUP_INET4_POST_BIND</c>: after the bind of an IPv4 socket (4.17).</summary>
    CgroupInet4PostBind = 12,

    /// <summary><c>BPF_CGROUP_INET6_POST_BIND</c>: after the bind of an IPv6 socket (4.17).</summary>
    CgroupInet6PostBind = 13,

    /// <summary><c>BPF_CGROUP_UDP4_SENDMSG</c>: sendmsg of unconnected UDP over IPv4 (4.18).</summary>
    CgroupUdp4SendMsg = 14,

    /// <summary><c>BPF_CGROUP_UDP6_SENDMSG</c>: sendmsg of unconnected UDP over IPv6 (4.18).</summary>
    CgroupUdp6SendMsg = 15,

    /// <summary><c>BPF_LIRC_MODE2</c>: infrared decoder (4.18).</summary>
    LircMode2 = 16,

    /// <summary><c>BPF_FLOW_DISSECTOR</c>: flow dissector (4.20).</summary>
    FlowDissector = 17,

    /// <summary><c>BPF_CGROUP_SYSCTL</c>: sysctl access (5.2).</summary>
    CgroupSysctl = 18,

    /// <summary><c>BPF_CGROUP_UDP4_RECVMSG</c>: recvmsg of unconnected UDP over IPv4 (5.2).</summary>
    CgroupUdp4RecvMsg = 19,

    /// <summary><c>BPF_CGROUP_UDP6_RECVMSG</c>: recvmsg of unconnected UDP over IPv6 (5.2).</summary>
    CgroupUdp6RecvMsg = 20,

    /// <summary><c>BPF_CGROUP_GETSOCKOPT</c>: getsockopt (5.3).</summary>
    CgroupGetSockOpt = 21,

    /// <summary><c>BPF_CGROUP_SETSOCKOPT</c>: setsockopt (5.3).</summary>
    CgroupSetSockOpt = 22,

    /// <summary><c>BPF_TRACE_RAW_TP</c>: tracepoint with BTF-typed arguments (5.5).</summary>
    TraceRawTp = 23,

    /// <summary><c>BPF_TRACE_FENTRY</c>: entry of a function (5.5).</summary>
    TraceFEntry = 24,

    /// <summary><c>BPF_TRACE_FEXIT</c>: exit of a function (5.5).</summary>
    TraceFExit = 25,

    /// <summary><c>BPF_MODIFY_RETURN</c>: may replace the return value of a function (5.7).</summary>
    ModifyReturn = 26,

    /// <summary><c>BPF_LSM_MAC</c>: security module hook (5.7).</summary>
    LsmMac = 27,

    /// <summary><c>BPF_TRACE_ITER</c>: iterator over kernel objects (5.8).</summary>
    TraceIter = 28,

    /// <summary><c>BPF_CGROUP_INET4_GETPEERNAME</c>: getpeername over IPv4 (5.8).</summary>
    CgroupInet4GetPeerName = 29,

    /// <summary><c>BPF_CGROUP_INET6_GETPEERNAME</c>: getpeername over IPv6 (5.8).</summary>
    CgroupInet6GetPeerName = 30,

    /// <summary><c>BPF_CGROUP_INET4_GETSOCKNAME</c>: getsockname over IPv4 (5.8).</summary>
    CgroupInet4GetSockName = 31,

    /// <summary><c>BPF_CGROUP_INET6_GETSOCKNAME</c>: getsockname over IPv6 (5.8).</summary>
    CgroupInet6GetSockName = 32,

    /// <summary><c>BPF_XDP_DEVMAP</c>: XDP program of a devmap entry (5.8).</summary>
    XdpDevMap = 33,

    /// <summary><c>BPF_CGROUP_INET_SOCK_RELEASE</c>: release of an inet socket (5.9).</summary>
    CgroupInetSockRelease = 34,

    /// <summary><c>BPF_XDP_CPUMAP</c>: XDP program of a cpumap entry (5.9).</summary>
    XdpCpuMap = 35,

    /// <summary><c>BPF_SK_LOOKUP</c>: socket lookup (5.9).</summary>
    SkLookup = 36,

    /// <summary><c>BPF_XDP</c>: network device (5.9).</summary>
    Xdp = 37,

    /// <summary><c>BPF_SK_SKB_VERDICT</c>: verdict of a sockmap without a parser (5.13).</summary>
    SkSkbVerdict = 38,

    /// <summary><c>BPF_SK_REUSEPORT_SELECT</c>: selection in a reuseport group (5.14).</summary>
    SkReusePortSelect = 39,

    /// <summary><c>BPF_SK_REUSEPORT_SELECT_OR_MIGRATE</c>: selection and migration in a reuseport group (5.14).</summary>
    SkReusePortSelectOrMigrate = 40,

    /// <summary><c>BPF_PERF_EVENT</c>: perf event (5.15).</summary>
    PerfEvent = 41,

    /// <summary><c>BPF_TRACE_KPROBE_MULTI</c>: many kprobes at once (5.18).</summary>
    TraceKprobeMulti = 42,

    /// <summary><c>BPF_LSM_CGROUP</c>: security module hook for a cgroup (6.0).</summary>
    LsmCgroup = 43,

    /// <summary><c>BPF_STRUCT_OPS</c>: kernel structure of callbacks (6.4).</summary>
    StructOps = 44,

    /// <summary><c>BPF_NETFILTER</c>: netfilter hook (6.4).</summary>
    Netfilter = 45,

    /// <summary><c>BPF_TCX_INGRESS</c>: packets into a device, by tcx (6.6).</summary>
    TcxIngress = 46,

    /// <summary><c>BPF_TCX_EGRESS</c>: packets out of a device, by tcx (6.6).</summary>
    TcxEgress = 47,

    /// <summary><c>BPF_TRACE_UPROBE_MULTI</c>: many uprobes at once (6.6).</summary>
    TraceUprobeMulti = 48,

    /// <summary><c>BPF_CGROUP_UNIX_CONNECT</c>: connect of a unix socket (6.7).</summary>
    CgroupUnixConnect = 49,

    /// <summary><c>BPF_CGROUP_UNIX_SENDMSG</c>: sendmsg of a unix socket (6.7).</summary>
    CgroupUnixSendMsg = 50,

    /// <summary><c>BPF_CGROUP_UNIX_RECVMSG</c>: recvmsg of a unix socket (6.7).</summary>
    CgroupUnixRecvMsg = 51,

    /// <summary><c>BPF_CGROUP_UNIX_GETPEERNAME</c>: getpeername of a unix socket (6.7).</summary>
    CgroupUnixGetPeerName = 52,

    /// <summary><c>BPF_CGROUP_UNIX_GETSOCKNAME</c>: getsockname of a unix socket (6.7).</summary>
    CgroupUnixGetSockName = 53,

    /// <summary><c>BPF_NETKIT_PRIMARY</c>: primary end of a netkit pair (6.7).</summary>
    NetkitPrimary = 54,

    /// <summary><c>BPF_NETKIT_PEER</c>: peer end of a netkit pair (6.7).</summary>
    NetkitPeer = 55,

    /// <summary><c>BPF_TRACE_KPROBE_SESSION</c>: entry and exit of many functions in one program (6.10).</summary>
    TraceKprobeSession = 56,

    /// <summary><c>BPF_TRACE_UPROBE_SESSION</c>: entry and exit of many user functions in one program (6.13).</summary>
    TraceUprobeSession = 57,

    /// <summary><c>BPF_TRACE_FSESSION</c>: entry and exit of a function in one program (newer than 6.19).</summary>
    TraceFSession = 58,

    /// <summary><c>BPF_TRACE_FENTRY_MULTI</c>: entry of many functions (newer than 6.19).</summary>
    TraceFEntryMulti = 59,

    /// <summary><c>BPF_TRACE_FEXIT_MULTI</c>: exit of many functions (newer than 6.19).</summary>
    TraceFExitMulti = 60,

    /// <summary><c>BPF_TRACE_FSESSION_MULTI</c>: entry and exit of many functions, by trampolines (newer than 6.19).</summary>
    TraceFSessionMulti = 61,
}
