using System;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Buffers;

namespace Bpf.Loader.Tests.Buffers;

/// <summary>A ring in plain memory, with a producer that follows <c>kernel/bpf/ringbuf.c</c>.</summary>
internal sealed unsafe class FakeRing : IDisposable
{
    private readonly uint _size;
    private readonly byte* _memory;
    private readonly bool _overwrites;
    private ulong _pending;

    public FakeRing(uint size, ulong start = 0, bool overwrites = false)
    {
        const int HeaderBytes = 32;
        (_size, _overwrites) = (size, overwrites);
        _memory = (byte*)NativeMemory.AlignedAlloc(HeaderBytes + (2 * (nuint)size), 16);
        new Span<byte>(_memory, checked((int)(HeaderBytes + (2 * size)))).Clear();
        Area = new RingArea((ulong*)_memory, (ulong*)(_memory + 8), _memory + HeaderBytes, size);
        OverwritePlace = (ulong*)(_memory + 16);
        *Area.ConsumerPosition = *Area.ProducerPosition = *OverwritePlace = _pending = start;
    }

    public RingArea Area { get; }

    public ulong* OverwritePlace { get; }

    /// <summary>Before what position records were overwritten.</summary>
    public ulong OverwritePosition => Volatile.Read(ref *OverwritePlace);

    public ulong ConsumerPosition
    {
        get => Volatile.Read(ref *Area.ConsumerPosition);
        set => Volatile.Write(ref *Area.ConsumerPosition, value);
    }

    public ulong ProducerPosition
    {
        get => Volatile.Read(ref *Area.ProducerPosition);
        set => Volatile.Write(ref *Area.ProducerPosition, value);
    }

    /// <summary>Reserves a record; <see langword="false"/> when the ring is full.</summary>
    public bool TryReserve(ReadOnlySpan<byte> payload, out ulong position)
    {
        position = *Area.ProducerPosition;
        ulong end = position + RingFormat.Stride((uint)payload.Length);
        // __bpf_ringbuf_reserve(): one byte less than the ring's size at the most.
        while (_pending != position && (ReadHeader(_pending) & RingFormat.BusyBit) == 0)
            _pending += RingFormat.Stride(ReadHeader(_pending) & RingFormat.LengthMask);
        if (end - _pending > _size - 1)
            return false;
        if (!_overwrites && end - ConsumerPosition > _size - 1)
            return false;
        if (_overwrites)
        {
            ulong overwritten = OverwritePosition;
            while (end - overwritten > _size - 1)
                overwritten += RingFormat.Stride(ReadHeader(overwritten) & RingFormat.LengthMask);
            Volatile.Write(ref *OverwritePlace, overwritten);
        }

        WriteHeader(position, (uint)payload.Length | RingFormat.BusyBit);
        for (int i = 0; i < payload.Length; i++)
            WriteByte(position + RingFormat.HeaderSize + (ulong)i, payload[i]);
        Volatile.Write(ref *Area.ProducerPosition, end);
        return true;
    }

    /// <summary>Submits or discards a record; <see langword="true"/> when the kernel would wake the consumer.</summary>
    public bool Commit(ulong position, bool discard)
    {
        uint header = ReadHeader(position) & RingFormat.LengthMask;
        WriteHeader(position, discard ? header | RingFormat.DiscardBit : header);
        Interlocked.MemoryBarrier(); // The kernel's xchg() of the header is one.
        return (ConsumerPosition & (_size - 1)) == (position & (_size - 1));
    }

    public uint ReadHeader(ulong position) => Volatile.Read(ref *(uint*)(Area.Data + (position & (_size - 1))));

    /// <summary>Writes a header, in both copies; the first of them last.</summary>
    public void WriteHeader(ulong position, uint header)
    {
        byte* place = Area.Data + (position & (_size - 1));
        Volatile.Write(ref *(uint*)(place + _size), header);
        Volatile.Write(ref *(uint*)place, header);
    }

    /// <summary>Whether a span lies in the ring's data.</summary>
    public bool Contains(ReadOnlySpan<byte> span)
    {
        fixed (byte* start = span)
            return span.IsEmpty || (start >= Area.Data && start + span.Length <= Area.Data + (2 * _size));
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void WriteByte(ulong position, byte value)
    {
        byte* place = Area.Data + (position & (_size - 1));
        place[0] = value;
        place[_size] = value;
    }
}
