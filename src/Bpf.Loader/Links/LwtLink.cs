using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>A route with a program.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LwtLink(
    NetlinkSocket socket, RoutePlace route, FileDescriptorHandle program, string name, ushort? place, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = Remove(out string? reason);
        if (errno != Errno.None) throw new BpfException("RTM_DELROUTE", errno, Target, reason);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        // A device that went took its routes along.
        if (detach) LetGo(() => Remove(out _) is var errno and not (Errno.ESRCH or Errno.ENODEV or Errno.ENOENT) ? errno : Errno.None, "Remove it with 'ip route del'.");
        socket.Dispose();
        program.Dispose();
    }

    private Errno Remove(out string? reason) => RouteNetlink.Remove(socket, route, program, name, place, out reason);
}
