using System;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>A program of a socket.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SocketLink(Socket socket, int detachOption, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = SocketOption.Set(socket.SafeHandle, detachOption, null);
        if (errno != Errno.None) throw new BpfException("setsockopt", errno, Target, null);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        if (!detach) return;
        try
        {
            LetGo(() => SocketOption.Set(socket.SafeHandle, detachOption, null) is var errno and not Errno.ENOENT ? errno : Errno.None, "It goes with the socket: a locked filter (SO_LOCK_FILTER) stays until that is closed.");
        }
        catch (ObjectDisposedException)
        {
            // A socket that is closed took its program along.
        }
    }
}
