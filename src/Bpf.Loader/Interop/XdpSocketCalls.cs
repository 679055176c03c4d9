using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>The system calls of AF_XDP sockets (4.18), as <c>include/uapi/linux/if_xdp.h</c> has them.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class XdpSocketCalls
{
    /// <summary>XDP_PGOFF_*: where each ring is mapped.</summary>
    public const long RxOffset = 0, TxOffset = 0x80000000, FillOffset = 0x100000000, CompletionOffset = 0x180000000;

    /// <summary>XDP_RX_RING and the like.</summary>
    public const int RxRing = 2, TxRing = 3, FillRing = 5, CompletionRing = 6;

    /// <summary>XDP_OPTIONS_ZEROCOPY.</summary>
    public const uint ZeroCopyFlag = 1;

    private const int AddressFamily = 44; // AF_XDP
    private const int RawCloseOnExec = 3 | 0x80000; // SOCK_RAW, SOCK_CLOEXEC
    private const int Level = 283; // SOL_XDP
    private const int MmapOffsets = 1, RegisterUmem = 4, Statistics = 7, Options = 8;
    private const ushort SharedUmem = 1; // XDP_SHARED_UMEM
    private const int DontWait = 0x40; // MSG_DONTWAIT

    public static FileDescriptorHandle? Open(out Errno errno) => FileDescriptorHandle.FromResult(LibC.Socket(AddressFamily, RawCloseOnExec, 0), out errno);

    /// <summary>Gives the socket its memory for packets.</summary>
    public static Errno Register(FileDescriptorHandle socket, MappedMemory memory, uint frameSize)
    {
        // struct xdp_umem_reg of 4.18: address, length, size of a chunk, headroom. What came later is not needed.
        Span<ulong> registration = [memory.Address, memory.Length, 0];
        MemoryMarshal.Cast<ulong, uint>(registration)[4] = frameSize;
        return Set(socket, RegisterUmem, MemoryMarshal.AsBytes(registration));
    }

    public static Errno SetRingSize(FileDescriptorHandle socket, int ring, uint entries) => Set(socket, ring, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in entries)));

    /// <summary>
    /// Where in their mappings the rings have their counters and entries: for rx, tx, fill and completion each producer, consumer,
    /// entries and, since 5.4, flags.
    /// </summary>
    public static Errno GetOffsets(FileDescriptorHandle socket, Span<ulong> offsets, out int perRing)
    {
        Errno errno = Get(socket, MmapOffsets, MemoryMarshal.AsBytes(offsets), out int length);
        perRing = length / (4 * sizeof(ulong));
        return errno;
    }

    public static Errno GetStatistics(FileDescriptorHandle socket, Span<ulong> counters) => Get(socket, Statistics, MemoryMarshal.AsBytes(counters), out _);

    /// <summary>What the socket can do: XDP_OPTIONS (5.3).</summary>
    public static Errno GetFlags(FileDescriptorHandle socket, out uint flags)
    {
        flags = 0;
        return Get(socket, Options, MemoryMarshal.AsBytes(new Span<uint>(ref flags)), out _);
    }

    /// <summary>Binds the socket to a queue of a device.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="flags">XDP_COPY or XDP_ZEROCOPY; a socket that shares memory has those of the first.</param>
    /// <param name="shared">The socket whose memory it shares, if any.</param>
    public static Errno Bind(FileDescriptorHandle socket, uint interfaceIndex, uint queue, ushort flags, FileDescriptorHandle? shared)
    {
        using var sharedUse = new HandleUse(shared);
        // struct sockaddr_xdp: family, flags, device, queue, descriptor of shared memory.
        Span<uint> address = [0, interfaceIndex, queue, sharedUse.Unsigned];
        MemoryMarshal.Cast<uint, ushort>(address)[0] = AddressFamily;
        MemoryMarshal.Cast<uint, ushort>(address)[1] = shared is null ? flags : SharedUmem;
        using HandleUse use = socket.Use();
        fixed (uint* pointer = address)
            return LibC.Bind(use.Descriptor, (byte*)pointer, sizeof(uint) * 4) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Tells the kernel that there is something to send.</summary>
    public static Errno Kick(FileDescriptorHandle socket)
    {
        using HandleUse use = socket.Use();
        return LibC.SendTo(use.Descriptor, null, 0, DontWait, null, 0) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>Waits until something has come in.</summary>
    /// <returns>False when the time is over, or a signal came.</returns>
    public static bool WaitReadable(FileDescriptorHandle socket, int milliseconds, out Errno errno)
    {
        using HandleUse use = socket.Use();
        var entry = new PollEntry { Descriptor = use.Descriptor, Wanted = PollEntry.Readable };
        int count = LibC.Poll(&entry, 1, milliseconds);
        errno = count < 0 ? LibC.LastError : Errno.None;
        return count > 0;
    }

    private static Errno Set(FileDescriptorHandle socket, int option, ReadOnlySpan<byte> value)
    {
        using HandleUse use = socket.Use();
        fixed (byte* pointer = value)
            return LibC.SetSocketOption(use.Descriptor, Level, option, pointer, (uint)value.Length) < 0 ? LibC.LastError : Errno.None;
    }

    private static Errno Get(FileDescriptorHandle socket, int option, Span<byte> value, out int length)
    {
        using HandleUse use = socket.Use();
        uint room = (uint)value.Length;
        int result;
        fixed (byte* pointer = value)
            result = LibC.GetSocketOption(use.Descriptor, Level, option, pointer, &room);
        length = (int)room;
        return result < 0 ? LibC.LastError : Errno.None;
    }
}
