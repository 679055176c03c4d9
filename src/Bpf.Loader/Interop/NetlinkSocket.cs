using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>
/// Talks with the kernel about its network. A socket belongs to the network namespace that it was opened in, and so does what is
/// asked over it, whatever the thread that asks.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>NETLINK_ROUTE.</summary>
    public const int Route = 0;

    /// <summary>AF_NETLINK.</summary>
    public const int AddressFamily = 16;

    private const int Raw = 3; // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int NetlinkLevel = 270; // SOL_NETLINK
    private const int CapAck = 10, ExtendedAck = 11;
    private const ushort RequestAndAck = 1 | 4;
    private const int PeekAndLength = 2 | 0x20, DoNotWait = 0x40; // MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT
    private const int Attempts = 8; // to read an answer

    private readonly FileDescriptorHandle _socket;
    private uint _sequence;

    private NetlinkSocket(FileDescriptorHandle socket) => _socket = socket;

    /// <summary>
    /// Whether the last request was sent and its answer could not be read: then the kernel may have done what was asked, and the errno is
    /// that of the reading.
    /// </summary>
    public bool IsAnswerLost { get; private set; }

    /// <summary>Whether what the last request listed changed meanwhile, so that some of it may be missing.</summary>
    public bool IsInterrupted { get; private set; }

    /// <exception cref="BpfException">There is no such socket to be had.</exception>
    public static NetlinkSocket Open(int protocol)
    {
        FileDescriptorHandle socket = Create(Raw, protocol, out Errno errno)
            ?? throw new BpfException("socket(AF_NETLINK)", errno, null, null);
        using HandleUse use = socket.Use();
        // So that the kernel says why it refuses (4.12), and does not repeat the request; older kernels refuse the options.
        int on = 1;
        _ = LibC.SetSocketOption(use.Descriptor, NetlinkLevel, ExtendedAck, (byte*)&on, sizeof(int));
        _ = LibC.SetSocketOption(use.Descriptor, NetlinkLevel, CapAck, (byte*)&on, sizeof(int));
        return new NetlinkSocket(socket);
    }

    /// <summary>Makes a socket that talks with the kernel.</summary>
    /// <param name="type">SOCK_RAW or SOCK_DGRAM, which are the same to netlink, and SOCK_NONBLOCK.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="errno">Why there is none.</param>
    public static FileDescriptorHandle? Create(int type, int protocol, out Errno errno) =>
        FileDescriptorHandle.FromResult(LibC.Socket(AddressFamily, type | CloseOnExec, protocol), out errno);

    /// <summary>Asks, and waits for the end of the answer.</summary>
    /// <param name="message">The request.</param>
    /// <param name="handler">What is done with each answer, if any.</param>
    /// <param name="reason">What the kernel says of a refusal, if it says something.</param>
    public Errno Ask(NetlinkMessage message, NetlinkAnswer.Handler? handler, out string? reason)
    {
        reason = null;
        IsAnswerLost = IsInterrupted = false;
        using HandleUse use = _socket.Use();
        ReadOnlySpan<byte> bytes = message.Finish(++_sequence);
        fixed (byte* pointer = bytes)
        {
            *(ushort*)(pointer + 6) |= RequestAndAck;
            while (LibC.Send(use.Descriptor, pointer, (nuint)bytes.Length, 0) < 0)
            {
                if (LibC.LastError is not Errno.EINTR and Errno refused) return refused;
            }
        }

        byte[] buffer = new byte[8192];
        while (true)
        {
            Errno errno = Receive(use.Descriptor, ref buffer, out int length);
            IsAnswerLost = errno != Errno.None;
            if (IsAnswerLost) return errno;
            NetlinkAnswer answer = NetlinkAnswer.Read(buffer.AsSpan(0, length), _sequence, handler);
            IsInterrupted |= answer.IsInterrupted;
            if (!answer.IsComplete) continue;
            (IsAnswerLost, reason) = (answer.IsDamaged, answer.Reason);
            return answer.Errno;
        }
    }

    public void Dispose() => _socket.Dispose();

    // The kernel answers while it is asked: after an error, such as a lack of memory, the answer is there still, or it is lost.
    private static Errno Receive(int socket, ref byte[] buffer, out int length)
    {
        var failure = Errno.None;
        for (int failures = 0; failures < Attempts;)
        {
            int flags = failures == 0 ? 0 : DoNotWait;
            nint count;
            fixed (byte* pointer = buffer)
            {
                // The whole length first: what does not fit is lost.
                count = LibC.Receive(socket, pointer, (nuint)buffer.Length, PeekAndLength | flags);
                if (count >= 0 && count <= buffer.Length)
                    count = LibC.Receive(socket, pointer, (nuint)buffer.Length, flags);
            }

            length = (int)count;
            if (count > buffer.Length) Array.Resize(ref buffer, (int)count);
            else if (count >= 0) return Errno.None;
            else if (LibC.LastError is var errno && errno == Errno.EAGAIN && failures > 0) break;
            else if (errno is not (Errno.EINTR or Errno.EAGAIN)) (failure, failures) = (errno, failures + 1);
        }

        length = 0;
        return failure;
    }
}
