using System.Net;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>Programs of routes: lightweight tunnels (4.10) and segments (4.18).</summary>
[SupportedOSPlatform("linux")]
internal static class LwtAttacher
{
    public static BpfLink Attach(ProgramToAttach program, IPNetwork destination, NetworkInterface device, LwtOptions options)
    {
        string target = $"route to {destination} by {device.Name}";
        FileDescriptorHandle own = program.Handle.Duplicate(); // what can fail comes first
        NetlinkSocket? socket = null;
        try
        {
            socket = NetlinkSocket.Open(NetlinkSocket.Route);
            var route = new RoutePlace(destination, device.Index, options.Gateway, options.Table, options.Metric);
            Errno errno = RouteNetlink.Add(socket, route, own, program.Name, Place(program.Type), out string? reason);
            if (errno == Errno.None) return new LwtLink(socket, route, own, program.Name, Place(program.Type), target);
            throw socket.IsAnswerLost
                ? AttachFailure.OfLostAnswer("RTM_NEWROUTE", errno, program, target, $"The route may have been added: see 'ip route show {destination}', and remove it with 'ip route del'.")
                : Explain(errno, reason, program, target);
        }
        catch
        {
            own.Dispose();
            socket?.Dispose();
            throw;
        }
    }

    private static BpfAttachException Explain(Errno errno, string? reason, ProgramToAttach program, string target)
    {
        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        return errno switch
        {
            Errno.ENODEV => new BpfAttachException(BpfDiagnosticId.NoSuchInterface, target, $"{cannot}there is no such device.", errno, "RTM_NEWROUTE"),
            Errno.EEXIST => new BpfAttachException(
                BpfDiagnosticId.AlreadyAttached, target, $"{cannot}there is such a route already.", errno, "RTM_NEWROUTE", "Give it another metric, or remove it."),
            _ => AttachFailure.OfCall(
                "RTM_NEWROUTE", errno, program, target, Capability.NetAdmin,
                reason is not null ? $"The kernel says: {reason}."
                    : errno == Errno.EOPNOTSUPP ? "The kernel is built without CONFIG_LWTUNNEL_BPF, or for segments without CONFIG_IPV6_SEG6_BPF."
                    : errno == Errno.EINVAL ? "The program must be of type LwtIn, LwtOut, LwtXmit or, for a route of IPv6, LwtSeg6Local." : null),
        };
    }

    // LWT_BPF_IN, LWT_BPF_OUT, LWT_BPF_XMIT; of another type of program the kernel says what it thinks.
    private static ushort? Place(BpfProgramType type) => type switch
    {
        BpfProgramType.LwtSeg6Local => null,
        BpfProgramType.LwtOut => 2,
        BpfProgramType.LwtXmit => 3,
        _ => 1,
    };
}
