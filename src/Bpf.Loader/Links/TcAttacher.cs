using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>Traffic control by a filter of the clsact qdisc, as on kernels before tcx (4.5).</summary>
[SupportedOSPlatform("linux")]
internal static class TcAttacher
{
    public static BpfTcLink Attach(ProgramToAttach program, NetworkInterface device, TrafficDirection direction, TcOptions options)
    {
        string target = $"tc {(direction == TrafficDirection.Ingress ? "ingress" : "egress")} of {device.Name}";
        NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        ClsactOwner? qdisc = ClsactOwner.Acquire(socket, device.Index, out Errno errno, out string? reason);
        if (qdisc is not null)
        {
            var place = new TcFilterPlace(device.Index, direction, options.Handle, options.Priority, 0);
            errno = TcNetlink.AddFilter(socket, place, program.Handle, program.Name, options.Replace, out TcFilterPlace made, out reason);
            if (errno == Errno.None) return new BpfTcLink(socket, qdisc, made, target);
            qdisc.Release(socket, detach: true);
        }

        socket.Dispose();
        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        throw errno switch
        {
            Errno.ENODEV => new BpfAttachException(BpfDiagnosticId.NoSuchInterface, target, $"{cannot}there is no such device.", errno, "RTM_NEWQDISC"),
            Errno.EEXIST => new BpfAttachException(
                BpfDiagnosticId.AlreadyAttached, target, $"{cannot}a filter with that priority and handle is there.", errno, "RTM_NEWTFILTER",
                "Set TcOptions.Replace to replace it."),
            _ => AttachFailure.OfCall(
                qdisc is null ? "RTM_NEWQDISC" : "RTM_NEWTFILTER", errno, program, target, Capability.NetAdmin,
                reason is not null ? $"The kernel says: {reason}."
                    : errno == Errno.ENOENT ? "The kernel has no clsact qdisc or BPF filter (CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF)."
                    : errno == Errno.EINVAL ? "The program must be of type SchedCls." : null),
        };
    }
}
