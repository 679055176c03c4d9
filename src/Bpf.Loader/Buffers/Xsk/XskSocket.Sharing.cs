using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers.Xsk;

public sealed partial class XskSocket
{
    /// <summary>Whether packets go without a copy between the driver and the socket's memory, which only some drivers can.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    /// <remarks>Linux 5.3.</remarks>
    public bool IsZeroCopy
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            Errno errno = XdpSocketCalls.GetFlags(_socket, out uint flags);
            return errno == Errno.None ? (flags & XdpSocketCalls.ZeroCopyFlag) != 0 : throw new BpfException("getsockopt(XDP_OPTIONS)", errno, _name, null);
        }
    }

    /// <summary>The packet that was received last, which may be changed before it is forwarded.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Span<byte> Received
    {
        get
        {
            (ulong address, uint length) = ReadReceived();
            return _memory.Mapping.GetSpan((nuint)address, (int)length);
        }
    }

    /// <summary>
    /// Opens a socket on another queue or device with the same memory (<c>XDP_SHARED_UMEM</c>), so that packets can go from one to the
    /// other without a copy (<see cref="TryForward"/>). Sizes and copy mode are those of this socket; each is closed by itself.
    /// </summary>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="queue">The queue.</param>
    /// <exception cref="InvalidOperationException"><see cref="XskOptions.Sockets"/> of the first socket have been opened.</exception>
    /// <exception cref="BpfException">There is no such device or queue, it is that of a socket already, or the kernel refused.</exception>
    /// <remarks>Linux 5.10.</remarks>
    public XskSocket OpenShared(string interfaceName, int queue = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentOutOfRangeException.ThrowIfNegative(queue);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        (string name, uint index) = Find(interfaceName, queue);
        if (!_memory.TryShare(out ulong first))
            throw new InvalidOperationException($"The memory has frames for {_memory.Options.Sockets} sockets: raise XskOptions.Sockets of the first.");
        try
        {
            return XskSetup.Open(name, index, queue, _memory, _socket, (socket, rings) => new XskSocket(name, first, socket, _memory, rings));
        }
        catch
        {
            _memory.Return(first);
            throw;
        }
    }

    /// <summary>
    /// Moves the packet that was received last to the packets that another socket sends, without copying it. It is gone from this
    /// socket then; <see cref="Flush"/> of the other sends it.
    /// </summary>
    /// <param name="to">A socket with the same memory, or this one.</param>
    /// <returns>False when as many packets wait there as fit: the packet stays here.</returns>
    /// <exception cref="ArgumentException">The socket has other memory.</exception>
    /// <exception cref="InvalidOperationException">No packet was received, or it has been forwarded.</exception>
    /// <remarks>This is a receive of the one socket and a send of the other: see there for what threads may do.</remarks>
    public bool TryForward(XskSocket to)
    {
        ArgumentNullException.ThrowIfNull(to);
        ObjectDisposedException.ThrowIf(to._disposed != 0, to);
        if (!ReferenceEquals(to._memory, _memory)) throw new ArgumentException("The socket has other memory: open it by OpenShared.", nameof(to));
        (ulong address, uint length) = ReadReceived();
        if (!to.TryTakeFrame(out ulong frame)) return false;

        // The sockets exchange frames, so that each has as many as before.
        to._send.Produce(address, length);
        _receive.Release();
        _holdsPacket = false;
        _fill.Produce(frame);
        return true;
    }

    private (ulong Address, uint Length) ReadReceived()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (!_holdsPacket) throw new InvalidOperationException("No packet was received, or it was forwarded.");
        ReadOnlySpan<byte> descriptor = _receive.Entry(asProducer: false);
        return (MemoryMarshal.Read<ulong>(descriptor), MemoryMarshal.Read<uint>(descriptor[8..]));
    }
}
