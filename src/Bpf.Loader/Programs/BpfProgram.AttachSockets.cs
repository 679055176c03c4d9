using System;
using System.Net.Sockets;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches a parser or verdict to a sockmap or sockhash: it runs for the sockets in it.</summary>
    /// <param name="map">The map.</param>
    /// <exception cref="BpfAttachException">The map is of another type, has such a program, or the kernel refused.</exception>
    /// <remarks>Linux 4.14, by a link 6.10; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachSockMap(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Watch(SockMapAttacher.Attach(ToAttach, map));
    }

    /// <summary>Attaches a filter to a socket: it says how much of each packet the socket gets.</summary>
    /// <param name="socket">The socket; it must stay open.</param>
    /// <param name="replace">Whether to take the place of a filter that the socket has.</param>
    /// <exception cref="BpfAttachException">
    /// The program is no socket filter, the socket has a filter already (<see cref="BpfDiagnosticId.AlreadyAttached"/>), or the kernel refused.
    /// </exception>
    /// <remarks>Linux 3.19. Disposing of the link leaves the socket without a filter, also when it took another's place.</remarks>
    public BpfLink AttachSocket(Socket socket, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Watch(SocketAttacher.Attach(ToAttach, socket, isReusePort: false, replace));
    }

    /// <summary>Attaches to the group of a socket that shares its port with others: the program chooses which of them gets a packet or connection.</summary>
    /// <param name="socket">A socket of the group, bound with SO_REUSEPORT; it must stay open.</param>
    /// <exception cref="BpfAttachException">The socket does not share its port, the program is of another type, or the kernel refused.</exception>
    /// <remarks>
    /// Linux 4.5 for socket filters, 4.19 for programs of type SkReusePort. A group has one program: another that it had is replaced, and the
    /// kernel does not tell whether there was one.
    /// </remarks>
    public BpfLink AttachReusePort(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Watch(SocketAttacher.Attach(ToAttach, socket, isReusePort: true, replace: true));
    }
}
