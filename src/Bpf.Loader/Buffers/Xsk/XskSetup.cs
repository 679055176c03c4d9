using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers.Xsk;

/// <summary>Sets up an AF_XDP socket: its memory, its four rings, and the queue that it is bound to.</summary>
[SupportedOSPlatform("linux")]
internal static class XskSetup
{
    private const int PacketEntry = 16, FrameEntry = 8;
    private const int OffsetsPerRing = 4, Rings = 4;

    /// <summary>Opens a socket; on failure nothing stays open, and the memory is released.</summary>
    /// <param name="name">What it is bound to, for messages.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="shared">The socket that has registered the memory; null when this is the first.</param>
    /// <param name="finish">Makes the socket of its parts: rings of packets received and to send, of frames to fill and sent.</param>
    public static XskSocket Open(
        string name, uint interfaceIndex, int queue, XskMemory memory, FileDescriptorHandle? shared,
        Func<FileDescriptorHandle, IReadOnlyList<XskRing>, XskSocket> finish)
    {
        FileDescriptorHandle? socket = null;
        var rings = new List<XskRing>();
        XskOptions options = memory.Options;
        try
        {
            socket = XdpSocketCalls.Open(out Errno errno) ?? throw Refuse("socket(AF_XDP)", errno, name, options, shared is not null);
            void Expect(Errno result, string call)
            {
                if (result != Errno.None) throw Refuse(call, result, name, options, shared is not null);
            }

            if (shared is null) Expect(XdpSocketCalls.Register(socket, memory.Mapping, (uint)options.FrameSize), "setsockopt(XDP_UMEM_REG)");
            foreach (int ring in (ReadOnlySpan<int>)[XdpSocketCalls.FillRing, XdpSocketCalls.CompletionRing, XdpSocketCalls.RxRing, XdpSocketCalls.TxRing])
                Expect(XdpSocketCalls.SetRingSize(socket, ring, (uint)options.RingSize), "setsockopt(XDP_*_RING)");
            Expect(MapRings(socket, (uint)options.RingSize, rings), "mmap");
            // The frames are given to the kernel before the first packet can come.
            XskSocket made = finish(socket, rings);
            Expect(XdpSocketCalls.Bind(socket, interfaceIndex, (uint)queue, (ushort)options.CopyMode, shared), "bind");
            return made;
        }
        catch
        {
            socket?.Dispose();
            rings.ForEach(ring => ring.Dispose());
            memory.Release();
            throw;
        }
    }

    private static Errno MapRings(FileDescriptorHandle socket, uint size, List<XskRing> rings)
    {
        Span<ulong> offsets = stackalloc ulong[Rings * OffsetsPerRing];
        Errno errno = XdpSocketCalls.GetOffsets(socket, offsets, out int perRing);
        Span<long> places = [XdpSocketCalls.RxOffset, XdpSocketCalls.TxOffset, XdpSocketCalls.FillOffset, XdpSocketCalls.CompletionOffset];
        for (int i = 0; i < Rings && errno == Errno.None; i++)
        {
            int entrySize = i < 2 ? PacketEntry : FrameEntry;
            if (XskRing.Map(socket, places[i], offsets.Slice(i * perRing, 3), entrySize, size, out errno) is XskRing ring) rings.Add(ring);
        }

        return errno;
    }

    /// <summary>Explains what the kernel refused.</summary>
    public static BpfException Refuse(string call, Errno errno, string name, XskOptions options, bool isShared)
    {
        string? hint = errno switch
        {
            Errno.EAFNOSUPPORT => "The kernel is built without CONFIG_XDP_SOCKETS, or older than 4.18.",
            Errno.EBUSY => "Another socket is bound to that queue.",
            Errno.EINVAL when call == "bind" && isShared =>
                "The device has no such queue, a socket with the same memory is bound to it, or the kernel is older than 5.10.",
            Errno.EINVAL when call == "bind" => "The device has no such queue, or the driver cannot do what was asked for.",
            Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT when options.CopyMode == XskCopyMode.ZeroCopy =>
                "The driver cannot do without copies: ask for XskCopyMode.Copy, or for the default, which takes what there is.",
            Errno.ENETDOWN => "The device is down.",
            Errno.ENODEV => "The device is gone.",
            Errno.ENOBUFS => "Raise the limit of locked memory ('ulimit -l'): the frames count against it.",
            Errno.EPERM => "The process lacks CAP_NET_RAW.",
            _ => null,
        };
        return errno == Errno.EAFNOSUPPORT
            ? new BpfNotSupportedException("AF_XDP sockets", "4.18", BpfCommand.MapCreate, errno, name, hint)
            : new BpfException(call, errno, name, hint);
    }
}
