using System.Net.Sockets;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Filters of a socket (3.19), and the choice among sockets that share a port (4.5).</summary>
[SupportedOSPlatform("linux")]
internal static class SocketAttacher
{
    private const int AttachFilter = 50, DetachFilter = 27, AttachReusePort = 52, DetachReusePort = 68; // SO_*

    public static BpfLink Attach(ProgramToAttach program, Socket socket, bool isReusePort, bool replace = false)
    {
        string target = isReusePort ? "sockets that share a port" : "a socket";
        if (!replace && !isReusePort) PresentFilter.RequireNone(socket, $"The program '{program.Name}'");
        Errno errno = SocketOption.Set(socket.SafeHandle, isReusePort ? AttachReusePort : AttachFilter, program.Handle);
        if (errno == Errno.None) return new SocketLink(socket, isReusePort ? DetachReusePort : DetachFilter, target);
        string? hint = errno switch
        {
            Errno.EINVAL when isReusePort => "The socket must be bound with SO_REUSEPORT, and the program be of type SocketFilter or SkReusePort.",
            Errno.EINVAL => "The program must be of type SocketFilter.",
            Errno.ENOMEM => "The programs of sockets take more than net.core.optmem_max allows.",
            Errno.EPERM => "The socket's filter is locked (SO_LOCK_FILTER).",
            _ => null,
        };
        throw AttachFailure.OfCall("setsockopt", errno, program, target, Capability.NetAdmin, hint);
    }
}
