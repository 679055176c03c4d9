using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers.Xsk;

/// <summary>
/// A socket of AF_XDP: an XDP program redirects packets of a device's queue to it by a map of type XskMap, and they are read where
/// the kernel put them, past its network stack; packets that are sent go out of the queue likewise.
/// </summary>
/// <remarks>
/// One thread may receive while another sends; neither is for several threads at once. Linux 4.18; CAP_NET_RAW, and the memory counts
/// against the limit of locked memory before 5.11.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class XskSocket : IDisposable
{
    private readonly FileDescriptorHandle _socket;
    private readonly XskMemory _memory;
    private readonly XskRing _receive, _send, _fill, _completion;
    private readonly ulong[] _freeFrames;
    private readonly int _frameSize;
    private readonly string _name;
    private int _freeCount;
    private bool _holdsPacket;
    private int _disposed;

    private XskSocket(string name, ulong first, FileDescriptorHandle socket, XskMemory memory, IReadOnlyList<XskRing> rings)
    {
        (_name, _frameSize, _socket, _memory) = (name, memory.Options.FrameSize, socket, memory);
        (_receive, _send, _fill, _completion) = (rings[0], rings[1], rings[2], rings[3]);
        // The first frames are for packets that come in, the others for those that go out.
        for (uint i = 0; i < _fill.Size; i++) _fill.Produce(first + ((ulong)i * (uint)_frameSize));
        _freeFrames = new ulong[_send.Size];
        for (; _freeCount < _freeFrames.Length; _freeCount++) _freeFrames[_freeCount] = first + ((ulong)(_fill.Size + _freeCount) * (uint)_frameSize);
    }

    /// <summary>The most bytes that a packet to send may have.</summary>
    public int MaximumPacket => _frameSize;

    /// <summary>Opens a socket on a queue of a network device.</summary>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="options">Queue and sizes; none is the first queue and the defaults.</param>
    /// <exception cref="BpfException">There is no such device or queue, another socket has the queue, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is built without CONFIG_XDP_SOCKETS.</exception>
    public static XskSocket Open(string interfaceName, XskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        options ??= new XskOptions();
        Check(options);
        (string name, uint index) = Find(interfaceName, options.Queue);
        XskMemory memory = XskMemory.Map(options, out Errno errno) ?? throw XskSetup.Refuse("mmap", errno, name, options, isShared: false);
        return XskSetup.Open(name, index, options.Queue, memory, null, (socket, rings) => new XskSocket(name, 0, socket, memory, rings));
    }

    /// <summary>Puts the socket into a map of type XskMap, from which <c>bpf_redirect_map()</c> sends packets to it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The place, by custom that of the queue.</param>
    /// <exception cref="BpfException">The map is of another type or has no such place.</exception>
    public void AddTo(BpfMap map, uint key)
    {
        ArgumentNullException.ThrowIfNull(map);
        using HandleUse use = _socket.Use();
        uint descriptor = use.Unsigned;
        map.Set(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key)), MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in descriptor)));
    }

    /// <summary>Takes the next packet, if one is there.</summary>
    /// <param name="packet">
    /// The packet, from its Ethernet header on, in the socket's memory: it is valid until the next call of this method or of
    /// <see cref="Wait"/>, and until the socket is disposed.
    /// </param>
    /// <returns>False when none has come.</returns>
    public bool TryReceive(out ReadOnlySpan<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (_holdsPacket) GiveBack();
        packet = default;
        if (_receive.Filled == 0) return false;
        _holdsPacket = true;
        packet = Received;
        return true;
    }

    /// <summary>Waits until a packet has come.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>False when the time is over.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Wait(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        long end = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        // A packet that is still held would make the socket readable.
        if (_holdsPacket) GiveBack();
        while (_receive.Filled == 0)
        {
            long left = end == long.MaxValue ? -1 : Math.Max(end - Environment.TickCount64, 0);
            bool came = XdpSocketCalls.WaitReadable(_socket, (int)Math.Min(left, int.MaxValue), out Errno errno);
            if (errno is not (Errno.None or Errno.EINTR)) throw new BpfException("poll", errno, _name, null);
            if (!came && errno == Errno.None) return _receive.Filled > 0;
        }

        return true;
    }

    /// <summary>Copies a packet to the packets to send.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <returns>False when as many wait as fit; <see cref="Flush"/> makes room as the device sends.</returns>
    /// <exception cref="ArgumentException">The packet is empty, or longer than a frame.</exception>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (packet.IsEmpty || packet.Length > _frameSize) throw new ArgumentException($"A packet has 1 to {_frameSize} bytes, and not {packet.Length}.", nameof(packet));
        if (!TryTakeFrame(out ulong frame)) return false;
        packet.CopyTo(_memory.Mapping.GetSpan((nuint)frame, packet.Length));
        _send.Produce(frame, (uint)packet.Length);
        return true;
    }

    /// <summary>Tells the kernel to send what waits.</summary>
    /// <exception cref="BpfException">The device is down, or the kernel refused.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        // In copy mode the kernel sends a few packets a call (32 before 6.18), and EAGAIN says that there are more.
        while (_send.Filled > 0)
        {
            Errno errno = XdpSocketCalls.Kick(_socket);
            if (errno is not (Errno.None or Errno.EAGAIN or Errno.EBUSY or Errno.ENOBUFS))
                throw new BpfException("sendto", errno, _name, errno == Errno.ENETDOWN ? "The device is down." : null);
            Collect();
            if (errno is Errno.EBUSY or Errno.ENOBUFS) Thread.Yield();
        }

        Collect();
    }

    /// <summary>What was lost.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public XskStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Span<ulong> counters = stackalloc ulong[6];
        counters.Clear();
        Errno errno = XdpSocketCalls.GetStatistics(_socket, counters);
        return errno == Errno.None
            ? new XskStatistics(counters[0], counters[1], counters[2], counters[3], counters[4], counters[5])
            : throw new BpfException("getsockopt(XDP_STATISTICS)", errno, _name, null);
    }

    /// <summary>
    /// Closes the socket; the kernel takes it out of the maps that it is in. It frees the queue a moment later, until when another
    /// socket is refused.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        // First of all, so that the kernel writes nowhere any more.
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
        _fill.Dispose();
        _completion.Dispose();
        _memory.Release();
    }

    private static void Check(XskOptions options)
    {
        if (options.RingSize < 1 || (options.RingSize & (options.RingSize - 1)) != 0)
            throw new ArgumentException($"The size of the rings, {options.RingSize}, is no power of 2.", nameof(options));
        if (options.FrameSize is not (2048 or 4096))
            throw new ArgumentException($"A frame has 2048 or 4096 bytes, and not {options.FrameSize}.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Queue, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sockets, 1, nameof(options));
    }

    private static (string Name, uint Index) Find(string interfaceName, int queue)
    {
        return NetworkDevices.Find(interfaceName) is { } device
            ? ($"queue {queue} of network device '{device.Name}'", (uint)device.Index)
            : throw new BpfException(
                "if_nametoindex", Errno.ENODEV, $"queue {queue} of network device '{interfaceName}'",
                CloseNames.Hint(interfaceName, NetworkDevices.Names()) ?? "There is no such device in this network namespace.");
    }

    // A frame for a packet that is sent at once.
    private bool TryTakeFrame(out ulong frame)
    {
        frame = 0;
        if (_freeCount == 0) Collect();
        if (_freeCount == 0 || _send.Free == 0) return false;
        frame = _freeFrames[--_freeCount];
        return true;
    }

    // The frame of the packet that was received last may be written again.
    private void GiveBack()
    {
        ulong address = MemoryMarshal.Read<ulong>(_receive.Entry(asProducer: false));
        _receive.Release();
        _holdsPacket = false;
        // Packets begin somewhere in their frame. There is room: the ring is as large as there are frames.
        _fill.Produce(address & ~((ulong)_frameSize - 1));
    }

    // Frames whose packets were sent.
    private void Collect()
    {
        while (_completion.Filled > 0)
        {
            _freeFrames[_freeCount++] = MemoryMarshal.Read<ulong>(_completion.Entry(asProducer: false)) & ~((ulong)_frameSize - 1);
            _completion.Release();
        }
    }
}
