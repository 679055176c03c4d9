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

    /// <summary>Opens a socket; on failure nothing stays open.</summary>
    /// <param name="name">What it is bound to, for messages.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="options">Queue and sizes.</param>
    /// <param name="finish">Makes the socket of its parts: rings of packets received and to send, of frames to fill and sent.</param>
    public static XskSocket Open(
        string name, uint interfaceIndex, XskOptions options, Func<FileDescriptorHandle, MappedMemory, IReadOnlyList<XskRing>, XskSocket> finish)
    {
        FileDescriptorHandle socket = XdpSocketCalls.Open(out Errno errno) ?? throw Refuse("socket(AF_XDP)", errno, name);
        MappedMemory? memory = null;
        var rings = new List<XskRing>();
        try
        {
            uint size = (uint)options.RingSize;
            memory = MappedMemory.MapAnonymous((nuint)size * 2 * (nuint)options.FrameSize, out errno) ?? throw Refuse("mmap", errno, name);
            Expect(XdpSocketCalls.Register(socket, memory, (uint)options.FrameSize), "setsockopt(XDP_UMEM_REG)", name);
            foreach (int ring in (ReadOnlySpan<int>)[XdpSocketCalls.FillRing, XdpSocketCalls.CompletionRing, XdpSocketCalls.RxRing, XdpSocketCalls.TxRing])
                Expect(XdpSocketCalls.SetRingSize(socket, ring, size), "setsockopt(XDP_*_RING)", name);
            MapRings(socket, size, rings, name);
            // The frames are given to the kernel before the first packet can come.
            XskSocket made = finish(socket, memory, rings);
            Expect(XdpSocketCalls.Bind(socket, interfaceIndex, (uint)options.Queue, (ushort)options.CopyMode), "bind", name);
            return made;
        }
        catch
        {
            socket.Dispose();
            rings.ForEach(ring => ring.Dispose());
            memory?.Unmap();
            throw;
        }
    }

    private static void MapRings(FileDescriptorHandle socket, uint size, List<XskRing> rings, string name)
    {
        Span<ulong> offsets = stackalloc ulong[Rings * OffsetsPerRing];
        Expect(XdpSocketCalls.GetOffsets(socket, offsets, out int perRing), "getsockopt(XDP_MMAP_OFFSETS)", name);
        Span<long> places = [XdpSocketCalls.RxOffset, XdpSocketCalls.TxOffset, XdpSocketCalls.FillOffset, XdpSocketCalls.CompletionOffset];
        for (int i = 0; i < Rings; i++)
        {
            int entrySize = i < 2 ? PacketEntry : FrameEntry;
            rings.Add(XskRing.Map(socket, places[i], offsets.Slice(i * perRing, 3), entrySize, size, out Errno errno) ?? throw Refuse("mmap", errno, name));
        }
    }

    private static void Expect(Errno errno, string call, string name)
    {
        if (errno != Errno.None) throw Refuse(call, errno, name);
    }

    private static BpfException Refuse(string call, Errno errno, string name)
    {
        string? hint = errno switch
        {
            Errno.EAFNOSUPPORT => "The kernel is built without CONFIG_XDP_SOCKETS, or older than 4.18.",
            Errno.EBUSY => "Another socket is bound to that queue.",
            Errno.EINVAL when call == "bind" => "The device has no such queue, or the driver cannot do what was asked for.",
            Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT => "The driver cannot do without copies; ask for XskCopyMode.Copy.",
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
