using System;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Interop;

/// <summary>Listens to a group of netlink, on a thread of its own.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NetlinkListener : IDisposable
{
    private const int Datagrams = 2 | 0x800; // SOCK_DGRAM, SOCK_NONBLOCK
    private const int LongestMessage = 32 * 1024; // what netlink itself takes for enough (NLMSG_GOODSIZE)

    private readonly FileDescriptorHandle _socket;
    private readonly EventFd _stop = new();
    private readonly byte[] _farewell;
    private readonly INetlinkNews _news;
    private readonly Thread _thread;
    private volatile bool _isEnding;

    private NetlinkListener(FileDescriptorHandle socket, byte[] farewell, INetlinkNews news)
    {
        (_socket, _farewell, _news) = (socket, farewell, news);
        _thread = new Thread(Listen) { IsBackground = true, Name = "netlink listener" };
        _thread.Start();
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="protocol">The protocol, such as NETLINK_ROUTE.</param>
    /// <param name="groups">The groups, as bits.</param>
    /// <param name="news">Is told what comes.</param>
    /// <param name="refusal">Why nothing can be heard; null when it can.</param>
    public static NetlinkListener? Start(int protocol, uint groups, INetlinkNews news, out string? refusal) =>
        Open(protocol, groups, out refusal) is { } socket ? new NetlinkListener(socket, [], news) : null;

    /// <summary>Begins to listen where the kernel has to be asked to talk, and may not do it for everybody.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="groups">The groups, as bits.</param>
    /// <param name="greeting">What the kernel is told first.</param>
    /// <param name="isWelcome">Looks at the kernel's answer; that comes at once, or not at all.</param>
    /// <param name="farewell">What the kernel is told at the end.</param>
    /// <param name="news">Is told what comes.</param>
    /// <param name="refusal">Why nothing can be heard; null when it can.</param>
    public static NetlinkListener? Start(
        int protocol, uint groups, byte[] greeting, Func<ReadOnlyMemory<byte>, bool> isWelcome, byte[] farewell, INetlinkNews news, out string? refusal)
    {
        FileDescriptorHandle? socket = Open(protocol, groups, out refusal);
        if (socket is null) return null;
        byte[] answer = new byte[LongestMessage];
        int length = 0;
        Errno errno = Send(socket, greeting);
        // Others who begin or end to listen are answered over the same group.
        while (errno == Errno.None && (length = Receive(socket, answer, out errno)) > 0)
        {
            if (isWelcome(answer.AsMemory(0, length))) return new NetlinkListener(socket, farewell, news);
        }

        socket.Dispose();
        refusal = errno is Errno.None or Errno.EAGAIN ? "the kernel does not answer" : $"the kernel refuses ({errno})";
        return null;
    }

    /// <summary>Ends it, and waits until nothing is being told any more, unless it is ended by who is being told.</summary>
    public void Dispose()
    {
        if (_isEnding) return;
        _isEnding = true;
        _stop.Signal();
        if (Thread.CurrentThread != _thread) _thread.Join();
        if (_farewell.Length > 0) Send(_socket, _farewell);
        _stop.Dispose();
        _socket.Dispose();
    }

    private static FileDescriptorHandle? Open(int protocol, uint groups, out string? refusal)
    {
        refusal = null;
        FileDescriptorHandle? socket = NetlinkSocket.Create(Datagrams, protocol, out Errno errno);
        if (socket is not null)
        {
            using HandleUse use = socket.Use();
            Span<uint> address = [NetlinkSocket.AddressFamily, 0, groups]; // struct sockaddr_nl; the kernel chooses the port
            fixed (uint* pointer = address)
            {
                if (LibC.Bind(use.Descriptor, (byte*)pointer, (uint)(address.Length * sizeof(uint))) == 0) return socket;
            }

            errno = LibC.LastError;
        }

        socket?.Dispose();
        refusal = $"netlink refuses to tell of them ({errno})";
        return null;
    }

    private static Errno Send(FileDescriptorHandle socket, byte[] message)
    {
        using HandleUse use = socket.Use();
        fixed (byte* pointer = message)
            return LibC.Send(use.Descriptor, pointer, (nuint)message.Length, 0) < 0 ? LibC.LastError : Errno.None;
    }

    private static int Receive(FileDescriptorHandle socket, Span<byte> buffer, out Errno errno)
    {
        using HandleUse use = socket.Use();
        fixed (byte* pointer = buffer)
        {
            nint length = LibC.Receive(use.Descriptor, pointer, (nuint)buffer.Length, 0);
            errno = length < 0 ? LibC.LastError : Errno.None;
            return (int)length;
        }
    }

    private void Listen()
    {
        byte[] buffer = new byte[LongestMessage];
        while (!_isEnding && Wait())
        {
            bool isLost = false;
            while (true)
            {
                int length = Receive(_socket, buffer, out Errno errno);
                if (length >= 0) _news.Take(buffer.AsSpan(0, length));
                else if (errno == Errno.ENOBUFS) isLost = true;
                else break;
            }

            _news.Rest(isLost);
        }
    }

    // True when there is something to be read; false at the end.
    private bool Wait()
    {
        using HandleUse socket = _socket.Use(), stop = _stop.Handle.Use();
        Span<PollEntry> entries =
        [
            new PollEntry { Descriptor = socket.Descriptor, Wanted = PollEntry.Readable },
            new PollEntry { Descriptor = stop.Descriptor, Wanted = PollEntry.Readable },
        ];
        fixed (PollEntry* pointer = entries)
        {
            // A signal may end it early: then nothing has happened.
            entries[0].Happened = entries[1].Happened = 0;
            _ = LibC.Poll(pointer, (nuint)entries.Length, Timeout.Infinite);
        }

        return entries[1].Happened == 0;
    }
}
