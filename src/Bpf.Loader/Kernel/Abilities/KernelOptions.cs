namespace Bpf.Loader.Kernel.Abilities;

/// <summary>Which options a kernel must be built with to have a type: what is lacking in one that is new enough.</summary>
/// <remarks>The source is the conditions in include/linux/bpf_types.h, and the Kconfig and Makefile files beside the code.</remarks>
internal static class KernelOptions
{
    /// <summary>The option for a type of programs; null when there is none beyond bpf(2) itself.</summary>
    public static string? Of(BpfProgramType type) => type switch
    {
        BpfProgramType.Kprobe or BpfProgramType.Tracepoint or BpfProgramType.PerfEvent or BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable
            or BpfProgramType.Tracing => "CONFIG_BPF_EVENTS",
        BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupDevice or BpfProgramType.CgroupSysctl
            or BpfProgramType.CgroupSockOpt or BpfProgramType.SockOps => "CONFIG_CGROUP_BPF",
        BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit => "CONFIG_LWTUNNEL_BPF",
        BpfProgramType.LwtSeg6Local => "CONFIG_IPV6_SEG6_BPF",
        BpfProgramType.LircMode2 => "CONFIG_BPF_LIRC_MODE2",
        BpfProgramType.StructOps or BpfProgramType.Ext => "CONFIG_BPF_JIT and CONFIG_DEBUG_INFO_BTF",
        BpfProgramType.Lsm => "CONFIG_BPF_LSM",
        BpfProgramType.Netfilter => "CONFIG_NETFILTER_BPF_LINK",
        BpfProgramType.SocketFilter or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.Xdp or BpfProgramType.SkSkb or BpfProgramType.SkMsg
            or BpfProgramType.FlowDissector or BpfProgramType.SkReusePort or BpfProgramType.SkLookup => "CONFIG_NET and CONFIG_INET",
        _ => null,
    };

    /// <summary>The option for a type of maps; null when there is none beyond bpf(2) itself.</summary>
    public static string? Of(BpfMapType type) => type switch
    {
        BpfMapType.PerfEventArray or BpfMapType.StackTrace => "CONFIG_PERF_EVENTS",
        BpfMapType.CgroupArray or BpfMapType.CgrpStorage => "CONFIG_CGROUPS",
        BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => "CONFIG_CGROUP_BPF",
        BpfMapType.InodeStorage => "CONFIG_BPF_LSM",
        BpfMapType.XskMap => "CONFIG_XDP_SOCKETS",
        BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.ReusePortSockArray
            or BpfMapType.SkStorage => "CONFIG_NET and CONFIG_INET",
        BpfMapType.StructOps => "CONFIG_BPF_JIT and CONFIG_DEBUG_INFO_BTF",
        BpfMapType.Arena => "CONFIG_BPF_JIT, CONFIG_MMU and a 64-bit machine",
        _ => null,
    };

    /// <summary>The option for a type of attachment; null when there is none beyond that of its programs.</summary>
    public static string? Of(BpfAttachType type) => type switch
    {
        BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession => "CONFIG_FPROBE",
        BpfAttachType.TraceUprobeMulti or BpfAttachType.TraceUprobeSession => "CONFIG_UPROBES",
        BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer => "CONFIG_NETKIT",
        BpfAttachType.TcxIngress or BpfAttachType.TcxEgress => "CONFIG_NET_XGRESS",
        BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => "CONFIG_BPF_LSM",
        BpfAttachType.LircMode2 => "CONFIG_BPF_LIRC_MODE2",
        BpfAttachType.Netfilter => "CONFIG_NETFILTER_BPF_LINK",
        BpfAttachType.SkSkbStreamParser => "CONFIG_BPF_STREAM_PARSER",
        _ => null,
    };
}
