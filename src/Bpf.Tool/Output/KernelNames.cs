using System;
using System.Collections.Generic;
using System.Globalization;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>The kernel's words for its types, in lower case and without their beginnings, as bpftool writes them.</summary>
internal static class KernelNames
{
    private static readonly string[] ProgramTypes =
    [
        "unspec", "socket_filter", "kprobe", "sched_cls", "sched_act", "tracepoint", "xdp", "perf_event", "cgroup_skb", "cgroup_sock",
        "lwt_in", "lwt_out", "lwt_xmit", "sock_ops", "sk_skb", "cgroup_device", "sk_msg", "raw_tracepoint", "cgroup_sock_addr",
        "lwt_seg6local", "lirc_mode2", "sk_reuseport", "flow_dissector", "cgroup_sysctl", "raw_tracepoint_writable", "cgroup_sockopt",
        "tracing", "struct_ops", "ext", "lsm", "sk_lookup", "syscall", "netfilter",
    ];

    private static readonly string[] MapTypes =
    [
        "unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array", "stack_trace", "cgroup_array",
        "lru_hash", "lru_percpu_hash", "lpm_trie", "array_of_maps", "hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash",
        "cgroup_storage", "reuseport_sockarray", "percpu_cgroup_storage", "queue", "stack", "sk_storage", "devmap_hash", "struct_ops",
        "ringbuf", "inode_storage", "task_storage", "bloom_filter", "user_ringbuf", "cgrp_storage", "arena", "insn_array", "rhash",
    ];

    private static readonly string[] AttachTypes =
    [
        "cgroup_inet_ingress", "cgroup_inet_egress", "cgroup_inet_sock_create", "cgroup_sock_ops", "sk_skb_stream_parser",
        "sk_skb_stream_verdict", "cgroup_device", "sk_msg_verdict", "cgroup_inet4_bind", "cgroup_inet6_bind", "cgroup_inet4_connect",
        "cgroup_inet6_connect", "cgroup_inet4_post_bind", "cgroup_inet6_post_bind", "cgroup_udp4_sendmsg", "cgroup_udp6_sendmsg",
        "lirc_mode2", "flow_dissector", "cgroup_sysctl", "cgroup_udp4_recvmsg", "cgroup_udp6_recvmsg", "cgroup_getsockopt",
        "cgroup_setsockopt", "trace_raw_tp", "trace_fentry", "trace_fexit", "modify_return", "lsm_mac", "trace_iter",
        "cgroup_inet4_getpeername", "cgroup_inet6_getpeername", "cgroup_inet4_getsockname", "cgroup_inet6_getsockname", "xdp_devmap",
        "cgroup_inet_sock_release", "xdp_cpumap", "sk_lookup", "xdp", "sk_skb_verdict", "sk_reuseport_select",
        "sk_reuseport_select_or_migrate", "perf_event", "trace_kprobe_multi", "lsm_cgroup", "struct_ops", "netfilter", "tcx_ingress",
        "tcx_egress", "trace_uprobe_multi", "cgroup_unix_connect", "cgroup_unix_sendmsg", "cgroup_unix_recvmsg",
        "cgroup_unix_getpeername", "cgroup_unix_getsockname", "netkit_primary", "netkit_peer", "trace_kprobe_session",
        "trace_uprobe_session", "trace_fsession", "trace_fentry_multi", "trace_fexit_multi", "trace_fsession_multi",
    ];

    private static readonly string[] LinkTypes =
    [
        "unspec", "raw_tracepoint", "tracing", "cgroup", "iter", "netns", "xdp", "perf_event", "kprobe_multi", "struct_ops", "netfilter",
        "tcx", "uprobe_multi", "netkit", "sockmap", "tracing_multi",
    ];

    // What bpftool called them before it took the kernel's words, and still takes.
    private static readonly Dictionary<string, BpfAttachType> OlderAttachTypes = new(StringComparer.Ordinal)
    {
        ["ingress"] = BpfAttachType.CgroupInetIngress,
        ["egress"] = BpfAttachType.CgroupInetEgress,
        ["sock_create"] = BpfAttachType.CgroupInetSockCreate,
        ["sock_release"] = BpfAttachType.CgroupInetSockRelease,
        ["sock_ops"] = BpfAttachType.CgroupSockOps,
        ["device"] = BpfAttachType.CgroupDevice,
        ["sysctl"] = BpfAttachType.CgroupSysctl,
        ["bind4"] = BpfAttachType.CgroupInet4Bind,
        ["bind6"] = BpfAttachType.CgroupInet6Bind,
        ["post_bind4"] = BpfAttachType.CgroupInet4PostBind,
        ["post_bind6"] = BpfAttachType.CgroupInet6PostBind,
        ["connect4"] = BpfAttachType.CgroupInet4Connect,
        ["connect6"] = BpfAttachType.CgroupInet6Connect,
        ["getpeername4"] = BpfAttachType.CgroupInet4GetPeerName,
        ["getpeername6"] = BpfAttachType.CgroupInet6GetPeerName,
        ["getsockname4"] = BpfAttachType.CgroupInet4GetSockName,
        ["getsockname6"] = BpfAttachType.CgroupInet6GetSockName,
        ["sendmsg4"] = BpfAttachType.CgroupUdp4SendMsg,
        ["sendmsg6"] = BpfAttachType.CgroupUdp6SendMsg,
        ["recvmsg4"] = BpfAttachType.CgroupUdp4RecvMsg,
        ["recvmsg6"] = BpfAttachType.CgroupUdp6RecvMsg,
        ["getsockopt"] = BpfAttachType.CgroupGetSockOpt,
        ["setsockopt"] = BpfAttachType.CgroupSetSockOpt,
        ["connect_unix"] = BpfAttachType.CgroupUnixConnect,
        ["sendmsg_unix"] = BpfAttachType.CgroupUnixSendMsg,
        ["recvmsg_unix"] = BpfAttachType.CgroupUnixRecvMsg,
        ["getpeername_unix"] = BpfAttachType.CgroupUnixGetPeerName,
        ["getsockname_unix"] = BpfAttachType.CgroupUnixGetSockName,
        ["msg_verdict"] = BpfAttachType.SkMsgVerdict,
        ["skb_verdict"] = BpfAttachType.SkSkbVerdict,
        ["stream_verdict"] = BpfAttachType.SkSkbStreamVerdict,
        ["stream_parser"] = BpfAttachType.SkSkbStreamParser,
    };

    public static string Of(BpfProgramType type) => Name(ProgramTypes, (uint)type);

    public static string Of(BpfMapType type) => Name(MapTypes, (uint)type);

    public static string Of(BpfAttachType type) => Name(AttachTypes, (uint)type);

    public static string Of(BpfLinkType type) => Name(LinkTypes, (uint)type);

    /// <summary>Finds a type of attachment by the kernel's word, or by that of an older bpftool.</summary>
    public static bool TryParse(string name, out BpfAttachType type)
    {
        int index = Array.IndexOf(AttachTypes, name);
        type = (BpfAttachType)index;
        return index >= 0 || OlderAttachTypes.TryGetValue(name, out type);
    }

    /// <summary>Finds a type of program by the kernel's word.</summary>
    public static bool TryParse(string name, out BpfProgramType type)
    {
        int index = Array.IndexOf(ProgramTypes, name);
        type = (BpfProgramType)index;
        return index > 0;
    }

    /// <summary>The type of map of the kernel's word, or of its number.</summary>
    /// <exception cref="UsageException">There is no such type.</exception>
    public static BpfMapType ParseMapType(string name)
    {
        int index = Array.IndexOf(MapTypes, name);
        if (index > 0) return (BpfMapType)index;
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return (BpfMapType)number;
        throw new UsageException($"'{name}' is no type of map; there are: {string.Join(", ", MapTypes[1..])}.");
    }

    private static string Name(string[] names, uint number) =>
        number < names.Length ? names[number] : "type_" + number.ToString(CultureInfo.InvariantCulture);
}
