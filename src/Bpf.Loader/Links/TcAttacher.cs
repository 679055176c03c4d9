using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;

namespace Bpf.Loader.Links;

/// <summary>Traffic control by a filter of the clsact qdisc, as on kernels before tcx (4.5).</summary>
[SupportedOSPlatform("linux")]
internal static class TcAttacher
{
    public static BpfTcLink Attach(ProgramToAttach program, NetworkInterface device, TrafficDirection direction, TcOptions options)
    {
        string target = $"tc {(direction == TrafficDirection.Ingress ? "ingress" : "egress")} of {device.Name}";
        NetlinkSocket socket = NetlinkSocket.Open(NetlinkSocket.Route);
        try
        {
            ClsactOwner qdisc = ClsactOwner.Acquire(socket, device.Index, out Errno errno, out string? reason, out bool isLeft)
                ?? throw (socket.IsAnswerLost
                    ? AttachFailure.OfLostAnswer("RTM_NEWQDISC", errno, program, target, isLeft ? $"The qdisc may have been made: see 'tc qdisc show dev {device.Name}', and remove it with 'tc qdisc del dev {device.Name} clsact'." : null)
                    : Explain("RTM_NEWQDISC", errno, reason, program, target));
            try
            {
                return new BpfTcLink(socket, qdisc, AddFilter(socket, qdisc, program, device, direction, options, target), target);
            }
            catch
            {
                qdisc.Release(socket, detach: true);
                throw;
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static TcFilterPlace AddFilter(
        NetlinkSocket socket, ClsactOwner qdisc, ProgramToAttach program, NetworkInterface device, TrafficDirection direction, TcOptions options, string target)
    {
        // What is there before tells ours from others of the same program, should the answer be lost.
        List<TcFilter> before = [];
        if (qdisc.WasThere && TcNetlink.List(socket, device.Index, direction, out before) != Errno.None && socket.IsAnswerLost)
            throw AttachFailure.OfLostAnswer("RTM_GETTFILTER", Errno.EIO, program, target, null);

        var place = new TcFilterPlace(device.Index, direction, options.Handle, options.Priority, 0);
        Errno errno = TcNetlink.AddFilter(socket, place, program.Handle, program.Name, options.Replace, out TcFilterPlace made, out string? reason);
        if (errno == Errno.None) return made;
        throw socket.IsAnswerLost
            ? AttachFailure.OfLostAnswer("RTM_NEWTFILTER", errno, program, target, TakeBack(socket, before, program, device, direction, options))
            : Explain("RTM_NEWTFILTER", errno, reason, program, target);
    }

    // Removes the filter that may have been made; what is left is said.
    private static string? TakeBack(
        NetlinkSocket socket, List<TcFilter> before, ProgramToAttach program, NetworkInterface device, TrafficDirection direction, TcOptions options)
    {
        string left = $"The filter may have been made: see 'tc filter show dev {device.Name} {(direction == TrafficDirection.Ingress ? "ingress" : "egress")}', and remove it with 'tc filter del'.";
        if (BpfSyscall.GetProgramInfo(program.Handle, out ProgInfo info) != Errno.None || TcNetlink.List(socket, device.Index, direction, out List<TcFilter> after) != Errno.None)
            return left;
        bool isAllRemoved = true;
        foreach (TcFilter filter in after)
        {
            if (filter.ProgramId != info.Id || before.Contains(filter)) continue;
            isAllRemoved &= TcNetlink.DeleteFilterAt(socket, new TcFilterPlace(device.Index, direction, filter.Handle, filter.Priority, 0), out _) is Errno.None or Errno.ENOENT;
        }

        if (!isAllRemoved) return left;
        return options.Replace && before.Exists(filter => !after.Contains(filter)) ? "It is removed again, and the filter that it replaced is not there any more." : null;
    }

    private static BpfAttachException Explain(string call, Errno errno, string? reason, ProgramToAttach program, string target)
    {
        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        return errno switch
        {
            Errno.ENODEV => new BpfAttachException(BpfDiagnosticId.NoSuchInterface, target, $"{cannot}there is no such device.", errno, call),
            Errno.EEXIST => new BpfAttachException(
                BpfDiagnosticId.AlreadyAttached, target, $"{cannot}a filter with that priority and handle is there.", errno, call,
                "Set TcOptions.Replace to replace it."),
            _ => AttachFailure.OfCall(
                call, errno, program, target, Capability.NetAdmin,
                reason is not null ? $"The kernel says: {reason}."
                    : errno == Errno.ENOENT ? "The kernel has no clsact qdisc or BPF filter (CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF)."
                    : errno == Errno.EINVAL ? "The program must be of type SchedCls." : null),
        };
    }
}
