using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Network;

/// <summary>An XDP program that was attached by netlink.</summary>
[SupportedOSPlatform("linux")]
internal sealed class XdpNetlinkLink(NetlinkSocket socket, int interfaceIndex, FileDescriptorHandle program, uint mode, string target)
    : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = Remove(out string? reason);
        if (errno != Errno.None) throw new BpfException("RTM_SETLINK", errno, Target, reason);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        // If another program has taken the place, or the device is gone, there is nothing of ours left.
        if (detach) LetGo(() => Remove(out _) is var errno and not (Errno.EEXIST or Errno.ENODEV) ? errno : Errno.None, "Remove it with 'ip link set dev DEVICE xdp off'.");
        socket.Dispose();
        program.Dispose();
    }

    private Errno Remove(out string? reason) => XdpNetlink.Replace(socket, interfaceIndex, program, null, mode, out reason);
}
