using System.Net.Sockets;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>The one filter that a socket may have, a program or one of classic BPF: it is replaced only by who asks for it.</summary>
[SupportedOSPlatform("linux")]
internal static class PresentFilter
{
    private const int GetFilter = 26; // SO_GET_FILTER (3.8)

    /// <summary>Looks whether the socket is without a filter.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="what">What is to be attached.</param>
    /// <exception cref="BpfAttachException">It has one.</exception>
    public static void RequireNone(Socket socket, string what)
    {
        if (Find(socket) is not { } present) return;
        throw new BpfAttachException(
            BpfDiagnosticId.AlreadyAttached, "a socket", $"{what} cannot be attached to a socket: it has {present} already.", Errno.EEXIST, "setsockopt",
            "A socket has one: detach that, or ask for it to be replaced.");
    }

    // The length is in instructions of classic BPF; of a program of eBPF the kernel only says that it is none (EACCES).
    private static string? Find(Socket socket)
    {
        uint length = 0;
        return SocketOption.Get(socket.SafeHandle, GetFilter, [], ref length) switch
        {
            Errno.None when length > 0 => $"a filter of {length} instruction{(length == 1 ? "" : "s")}",
            Errno.EACCES => "a program",
            _ => null,
        };
    }
}
