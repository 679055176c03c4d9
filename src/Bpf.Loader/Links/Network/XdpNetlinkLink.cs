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

    private protected override void Release(bool detach)
    {
        // If another program has taken the place, or the device is gone, there is nothing of ours left.
        if (detach) Remove(out _);
        socket.Dispose();
        program.Dispose();
    }

    private Errno Remove(out string? reason)
    {
        Errno errno = XdpNetlink.Set(socket, interfaceIndex, null, mode, program, out reason);
        // Before 5.7 the kernel cannot make sure that it is ours.
        return errno == Errno.EINVAL ? XdpNetlink.Set(socket, interfaceIndex, null, mode, null, out reason) : errno;
    }
}
