using System;
using System.Runtime.InteropServices;
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

    private const int AddressFamily = 16; // AF_NETLINK
    private const int RawCloseOnExec = 3 | 0x80000; // SOCK_RAW, SOCK_CLOEXEC
    private const int NetlinkLevel = 270; // SOL_NETLINK
    private const int CapAck = 10, ExtendedAck = 11;
    private const ushort RequestAndAck = 1 | 4, AckHasAttributes = 0x200;
    private const ushort ErrorMessage = 2, DoneMessage = 3;
    private const int PeekAndLength = 2 | 0x20; // MSG_PEEK, MSG_TRUNC

    private readonly FileDescriptorHandle _socket;
    private uint _sequence;

    private NetlinkSocket(FileDescriptorHandle socket) => _socket = socket;

    /// <summary>What is done with each answer.</summary>
    public delegate void AnswerHandler(ushort type, ReadOnlySpan<byte> payload);

    /// <exception cref="BpfException">There is no such socket to be had.</exception>
    public static NetlinkSocket Open(int protocol)
    {
        FileDescriptorHandle socket = FileDescriptorHandle.FromResult(LibC.Socket(AddressFamily, RawCloseOnExec, protocol), out Errno errno)
            ?? throw new BpfException("socket(AF_NETLINK)", errno, null, null);
        using HandleUse use = socket.Use();
        // So that the kernel says why it refuses (4.12), and does not repeat the request; older kernels refuse the options.
        int on = 1;
        _ = LibC.SetSocketOption(use.Descriptor, NetlinkLevel, ExtendedAck, (byte*)&on, sizeof(int));
        _ = LibC.SetSocketOption(use.Descriptor, NetlinkLevel, CapAck, (byte*)&on, sizeof(int));
        return new NetlinkSocket(socket);
    }

    /// <summary>Asks, and waits for the end of the answer.</summary>
    /// <param name="message">The request.</param>
    /// <param name="handler">What is done with each answer, if any.</param>
    /// <param name="reason">What the kernel says of a refusal, if it says something.</param>
    public Errno Ask(NetlinkMessage message, AnswerHandler? handler, out string? reason)
    {
        reason = null;
        using HandleUse use = _socket.Use();
        ReadOnlySpan<byte> bytes = message.Finish(++_sequence);
        fixed (byte* pointer = bytes)
        {
            *(ushort*)(pointer + 6) |= RequestAndAck;
            if (LibC.Send(use.Descriptor, pointer, (nuint)bytes.Length, 0) < 0) return LibC.LastError;
        }

        byte[] buffer = new byte[8192];
        while (true)
        {
            Errno errno = Receive(use.Descriptor, ref buffer, out int length);
            if (errno != Errno.None) return errno;
            if (Walk(buffer.AsSpan(0, length), handler, out errno, out reason)) return errno;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Errno Receive(int socket, ref byte[] buffer, out int length)
    {
        while (true)
        {
            nint count;
            fixed (byte* pointer = buffer)
            {
                // The whole length first: what does not fit is lost.
                count = LibC.Receive(socket, pointer, (nuint)buffer.Length, PeekAndLength);
                if (count >= 0 && count <= buffer.Length)
                    count = LibC.Receive(socket, pointer, (nuint)buffer.Length, 0);
            }

            length = (int)count;
            if (count > buffer.Length) Array.Resize(ref buffer, (int)count);
            else if (count >= 0) return Errno.None;
            else if (LibC.LastError is not (Errno.EINTR or Errno.EAGAIN) and Errno errno) return errno;
        }
    }

    // True when the answer is complete.
    private bool Walk(ReadOnlySpan<byte> data, AnswerHandler? handler, out Errno errno, out string? reason)
    {
        errno = Errno.None;
        reason = null;
        while (data.Length >= NetlinkMessage.HeaderSize)
        {
            int length = (int)Math.Min(MemoryMarshal.Read<uint>(data), int.MaxValue);
            if (length < NetlinkMessage.HeaderSize || length > data.Length)
            {
                errno = Errno.EBADMSG;
                return true;
            }

            ushort type = MemoryMarshal.Read<ushort>(data[4..]), flags = MemoryMarshal.Read<ushort>(data[6..]);
            // An answer to an earlier request, which was given up, is passed over.
            bool isOurs = MemoryMarshal.Read<uint>(data[8..]) == _sequence;
            ReadOnlySpan<byte> payload = data[NetlinkMessage.HeaderSize..length];
            if (isOurs && type is ErrorMessage or DoneMessage)
            {
                errno = payload.Length >= sizeof(int) ? (Errno)(-MemoryMarshal.Read<int>(payload)) : Errno.None;
                reason = (flags & AckHasAttributes) != 0 ? ReasonOf(type, payload) : null;
                return true;
            }

            if (isOurs) handler?.Invoke(type, payload);
            data = data[Math.Min(data.Length, (length + 3) & ~3)..];
        }

        return false;
    }

    private static string? ReasonOf(ushort type, ReadOnlySpan<byte> payload)
    {
        const ushort MessageAttribute = 1; // NLMSGERR_ATTR_MSG
        int skip = sizeof(int) + (type == ErrorMessage ? NetlinkMessage.HeaderSize : 0);
        return payload.Length > skip && NetlinkAttribute.TryFind(payload[skip..], MessageAttribute, out NetlinkAttribute text) ? text.Text : null;
    }
}
