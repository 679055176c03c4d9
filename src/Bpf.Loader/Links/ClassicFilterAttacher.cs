using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Classic;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Attaches filters of classic BPF to sockets.</summary>
[SupportedOSPlatform("linux")]
public static class ClassicFilterAttacher
{
    private const int AttachFilter = 26, DetachFilter = 27, GetFilter = 26, LockFilterOption = 44, AttachReusePortClassic = 51, DetachReusePort = 68; // SO_*

    /// <summary>Attaches a filter to a socket: what it returns is how many bytes of each packet the socket gets, 0 for none of it.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="socket">The socket; it must stay open.</param>
    /// <param name="replace">Whether to take the place of a filter or program that the socket has.</param>
    /// <returns>The attachment; disposing of it takes the filter, or what took its place, off the socket.</returns>
    /// <exception cref="BpfAttachException">
    /// The filter is not one that the kernel takes, and the message names the instruction; the socket has a filter already
    /// (<see cref="BpfDiagnosticId.AlreadyAttached"/>); or its filter is locked.
    /// </exception>
    /// <remarks>
    /// No privilege is needed. Packets that wait in the socket already are not looked at. Disposing of the link leaves the socket without a
    /// filter, also when it took another's place.
    /// </remarks>
    public static BpfLink AttachSocket(this ClassicFilter filter, Socket socket, bool replace = false) =>
        Attach(filter, socket, AttachFilter, DetachFilter, "a socket", replace);

    /// <summary>Attaches to the group of a socket that shares its port with others: what the filter returns is the index of the socket that gets a packet or connection.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="socket">A socket of the group, bound with SO_REUSEPORT; it must stay open.</param>
    /// <exception cref="BpfAttachException">The filter is not one that the kernel takes, or the socket does not share its port.</exception>
    /// <remarks>
    /// Linux 4.5; detaching 5.3. A group has one program: another that it had is replaced, and the kernel does not tell whether there was one.
    /// </remarks>
    public static BpfLink AttachReusePort(this ClassicFilter filter, Socket socket) =>
        Attach(filter, socket, AttachReusePortClassic, DetachReusePort, "sockets that share a port", replace: true);

    /// <summary>Locks the filter of a socket for as long as the socket is: it can neither be changed nor taken off any more, by nobody.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static void LockFilter(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        int one = 1;
        Errno errno = SocketOption.SetBytes(socket.SafeHandle, LockFilterOption, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in one)));
        if (errno != Errno.None) throw new BpfException("setsockopt", errno, "the lock of a socket's filter", null);
    }

    /// <summary>The filter of classic BPF that a socket has; null when it has none.</summary>
    /// <exception cref="BpfException">The kernel refused: EACCES says that the socket's filter is a program of BPF, or no longer kept.</exception>
    /// <remarks>Linux 3.8.</remarks>
    public static ClassicFilter? GetSocketFilter(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        // The length is in instructions, and is told when it is given as 0.
        uint length = 0;
        Errno errno = SocketOption.Get(socket.SafeHandle, GetFilter, [], ref length);
        if (errno == Errno.None && length == 0) return null;
        var instructions = new ClassicInstruction[length];
        if (errno == Errno.None) errno = SocketOption.Get(socket.SafeHandle, GetFilter, MemoryMarshal.AsBytes(instructions.AsSpan()), ref length);
        if (errno == Errno.None) return new ClassicFilter(instructions.AsSpan(0, (int)length));
        throw new BpfException("getsockopt", errno, "the filter of a socket", errno == Errno.EACCES ? "The socket has a program of BPF, which is not told this way." : null);
    }

    private static SocketLink Attach(ClassicFilter filter, Socket socket, int attach, int detach, string target, bool replace)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(socket);
        if (filter.Check() is { } refusal) throw Refused(target, refusal.ToString(), Errno.EINVAL, null);
        if (!replace) PresentFilter.RequireNone(socket, "The filter");
        Errno errno = SocketOption.SetFilter(socket.SafeHandle, attach, MemoryMarshal.AsBytes(filter.Instructions.Span));
        if (errno == Errno.None) return new SocketLink(socket, detach, target);
        string? hint = errno switch
        {
            Errno.EINVAL when attach == AttachReusePortClassic => "The socket must be bound with SO_REUSEPORT.",
            Errno.ENOMEM => "The filters of a socket take more than net.core.optmem_max allows.",
            Errno.EPERM => "The socket's filter is locked (SO_LOCK_FILTER).",
            _ => null,
        };
        throw Refused(target, $"setsockopt failed with {BpfException.Describe(errno)}.", errno, hint);
    }

    private static BpfAttachException Refused(string target, string reason, Errno errno, string? hint) => new(
        errno == Errno.EPERM ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.AttachFailed,
        target, $"The filter cannot be attached to {target}: {reason}", errno, "setsockopt", hint);
}
