using System.Collections.Generic;
using static Bpf.Loader.Objects.SectionMatch;
using static Bpf.Loader.Objects.SectionTraits;
using Attach = Bpf.Loader.BpfAttachType;
using Kind = Bpf.Loader.Objects.AttachKind;
using Type = Bpf.Loader.BpfProgramType;

namespace Bpf.Loader.Objects;

public static partial class SectionTable
{
    private const SectionTraits AttachableOptional = Attachable | AttachTypeOptional;

    private static void AddNetwork(List<SectionDefinition> rows)
    {
        Row(rows, "xdp.frags/devmap", Exact, Type.Xdp, Attach.XdpDevMap, XdpFrags);
        Row(rows, "xdp/devmap", Exact, Type.Xdp, Attach.XdpDevMap, Attachable);
        Row(rows, "xdp.frags/cpumap", Exact, Type.Xdp, Attach.XdpCpuMap, XdpFrags);
        Row(rows, "xdp/cpumap", Exact, Type.Xdp, Attach.XdpCpuMap, Attachable);
        Row(rows, "xdp.frags", Exact, Type.Xdp, Attach.Xdp, XdpFrags);
        Row(rows, "xdp", Exact, Type.Xdp, Attach.Xdp, AttachableOptional);
        Row(rows, "perf_event", Exact, Type.PerfEvent);
        Row(rows, "lwt_in", Exact, Type.LwtIn);
        Row(rows, "lwt_out", Exact, Type.LwtOut);
        Row(rows, "lwt_xmit", Exact, Type.LwtXmit);
        Row(rows, "lwt_seg6local", Exact, Type.LwtSeg6Local);
        Row(rows, "sockops", Exact, Type.SockOps, Attach.CgroupSockOps, AttachableOptional);
        Row(rows, "sk_skb/stream_parser", Exact, Type.SkSkb, Attach.SkSkbStreamParser, AttachableOptional);
        Row(rows, "sk_skb/stream_verdict", Exact, Type.SkSkb, Attach.SkSkbStreamVerdict, AttachableOptional);
        Row(rows, "sk_skb/verdict", Exact, Type.SkSkb, Attach.SkSkbVerdict, AttachableOptional);
        Row(rows, "sk_skb", Exact, Type.SkSkb);
        Row(rows, "sk_msg", Exact, Type.SkMsg, Attach.SkMsgVerdict, AttachableOptional);
        Row(rows, "lirc_mode2", Exact, Type.LircMode2, Attach.LircMode2, AttachableOptional);
        Row(rows, "flow_dissector", Exact, Type.FlowDissector, Attach.FlowDissector, AttachableOptional);
    }

    private static void AddControlGroups(List<SectionDefinition> rows)
    {
        Row(rows, "cgroup_skb/ingress", Exact, Type.CgroupSkb, Attach.CgroupInetIngress, AttachableOptional);
        Row(rows, "cgroup_skb/egress", Exact, Type.CgroupSkb, Attach.CgroupInetEgress, AttachableOptional);
        Row(rows, "cgroup/skb", Exact, Type.CgroupSkb);
        Row(rows, "cgroup/sock_create", Exact, Type.CgroupSock, Attach.CgroupInetSockCreate, Attachable);
        Row(rows, "cgroup/sock_release", Exact, Type.CgroupSock, Attach.CgroupInetSockRelease, Attachable);
        Row(rows, "cgroup/sock", Exact, Type.CgroupSock, Attach.CgroupInetSockCreate, AttachableOptional);
        Row(rows, "cgroup/post_bind4", Exact, Type.CgroupSock, Attach.CgroupInet4PostBind, Attachable);
        Row(rows, "cgroup/post_bind6", Exact, Type.CgroupSock, Attach.CgroupInet6PostBind, Attachable);
        Address(rows, "bind4", Attach.CgroupInet4Bind);
        Address(rows, "bind6", Attach.CgroupInet6Bind);
        Address(rows, "connect4", Attach.CgroupInet4Connect);
        Address(rows, "connect6", Attach.CgroupInet6Connect);
        Address(rows, "connect_unix", Attach.CgroupUnixConnect);
        Address(rows, "sendmsg4", Attach.CgroupUdp4SendMsg);
        Address(rows, "sendmsg6", Attach.CgroupUdp6SendMsg);
        Address(rows, "sendmsg_unix", Attach.CgroupUnixSendMsg);
        Address(rows, "recvmsg4", Attach.CgroupUdp4RecvMsg);
        Address(rows, "recvmsg6", Attach.CgroupUdp6RecvMsg);
        Address(rows, "recvmsg_unix", Attach.CgroupUnixRecvMsg);
        Address(rows, "getpeername4", Attach.CgroupInet4GetPeerName);
        Address(rows, "getpeername6", Attach.CgroupInet6GetPeerName);
        Address(rows, "getpeername_unix", Attach.CgroupUnixGetPeerName);
        Address(rows, "getsockname4", Attach.CgroupInet4GetSockName);
        Address(rows, "getsockname6", Attach.CgroupInet6GetSockName);
        Address(rows, "getsockname_unix", Attach.CgroupUnixGetSockName);
        Row(rows, "cgroup/sysctl", Exact, Type.CgroupSysctl, Attach.CgroupSysctl, Attachable);
        Row(rows, "cgroup/getsockopt", Exact, Type.CgroupSockOpt, Attach.CgroupGetSockOpt, Attachable);
        Row(rows, "cgroup/setsockopt", Exact, Type.CgroupSockOpt, Attach.CgroupSetSockOpt, Attachable);
        Row(rows, "cgroup/dev", Exact, Type.CgroupDevice, Attach.CgroupDevice, AttachableOptional);
        Row(rows, "struct_ops", OptionalArgument, Type.StructOps, 0, None, Kind.StructOps, Name);
        Row(rows, "struct_ops.s", OptionalArgument, Type.StructOps, 0, Sleepable, Kind.StructOps, Name);
        Row(rows, "sk_lookup", Exact, Type.SkLookup, Attach.SkLookup, Attachable);
        Row(rows, "netfilter", Exact, Type.Netfilter, Attach.Netfilter);
    }

    private static void Address(List<SectionDefinition> rows, string name, Attach attach) =>
        Row(rows, "cgroup/" + name, Exact, Type.CgroupSockAddr, attach, Attachable);
}
