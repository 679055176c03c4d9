using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>A route with a program.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LwtLink(NetlinkSocket socket, RoutePlace route, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = RouteNetlink.Remove(socket, route, out string? reason);
        if (errno != Errno.None) throw new BpfException("RTM_DELROUTE", errno, Target, reason);
    }

    private protected override void Release(bool detach)
    {
        // A device that went took its routes along.
        if (detach) RouteNetlink.Remove(socket, route, out _);
        socket.Dispose();
    }
}
