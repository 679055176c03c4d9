using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>One pass of the consumer over a ring: the protocol of <c>kernel/bpf/ringbuf.c</c> and nothing else.</summary>
/// <remarks>
/// Positions and headers are written by others and are read once, with acquire semantics, before they are believed; whatever they
/// say, no byte outside of the area is read. What has been read is given back with release semantics, at the latest when
/// <see cref="_holdBack"/> bytes have gathered: a store per record would move the line of the consumer's position between two CPUs
/// for every event.
/// </remarks>
internal unsafe struct RingCursor
{
    private readonly RingArea _area;
    private readonly ulong _mask;
    private readonly ulong _holdBack;

    // The next record to look at; where reading has to stop; how much has been given back to the producers.
    private ulong _position;
    private ulong _end;
    private ulong _released;

    private byte* _record;
    private int _recordLength;

    /// <summary>Begins where the last pass ended.</summary>
    /// <exception cref="InvalidDataException">The consumer's position cannot be one.</exception>
    public RingCursor(in RingArea area)
    {
        _area = area;
        _mask = area.Size - 1;
        _holdBack = Math.Min(area.Size / 8, 4096);
        _position = _released = Volatile.Read(ref *area.ConsumerPosition);
        _end = _position;
        _record = area.Data;

        if ((_position & 7) != 0)
            ThrowCorrupt(_position, "the consumer position is not a multiple of 8");
    }

    /// <summary>How many records were given out.</summary>
    public long Consumed { get; private set; }

    /// <summary>How many records were skipped because their producer discarded them.</summary>
    public long Discarded { get; private set; }

    /// <summary>The payload that <see cref="MoveNext"/> found; valid until its next call.</summary>
    public readonly ReadOnlySpan<byte> Current => new(_record, _recordLength);

    /// <summary>Goes to the next record, giving the one before back to the producers.</summary>
    /// <returns><see langword="false"/> when the ring is empty, or when its oldest record is still being written.</returns>
    /// <exception cref="InvalidDataException">Positions or headers contradict each other: somebody else writes to the ring's pages.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            if (_position - _released >= _holdBack)
                Release();
            if (_position == _end && !FindMore())
                return false;

            byte* record = _area.Data + (_position & _mask);
            uint header = Volatile.Read(ref *(uint*)record);
            if ((header & RingFormat.BusyBit) != 0)
            {
                // A producer wakes us only if it sees that we wait for the very record that it submits, so it must see that first.
                ReleaseAndFence();
                header = Volatile.Read(ref *(uint*)record);
                if ((header & RingFormat.BusyBit) != 0)
                    return false;
            }

            uint length = header & RingFormat.LengthMask;
            ulong stride = RingFormat.Stride(length);
            if (stride > _end - _position)
                ThrowCorrupt(_position, "a record ends behind the producer position");

            _position += stride;
            if ((header & RingFormat.DiscardBit) != 0)
            {
                Discarded++;
                continue;
            }

            Consumed++;
            _record = record + RingFormat.HeaderSize;
            _recordLength = (int)length;
            return true;
        }
    }

    /// <summary>Gives everything that was read back to the producers, the current record included.</summary>
    public void Release()
    {
        if (_released == _position)
            return;
        Volatile.Write(ref *_area.ConsumerPosition, _position);
        _released = _position;
    }

    private bool FindMore()
    {
        ulong producer = Volatile.Read(ref *_area.ProducerPosition);
        if (producer == _position)
        {
            ReleaseAndFence();
            producer = Volatile.Read(ref *_area.ProducerPosition);
            if (producer == _position)
                return false;
        }

        if (producer - _position > _area.Size)
            ThrowCorrupt(_position, "the producer position is more than the ring's size ahead");
        _end = producer;
        return true;
    }

    /// <summary>Makes the store of our position visible before anything of the producers is read again; without it a wake-up gets lost.</summary>
    private void ReleaseAndFence()
    {
        Release();
        Interlocked.MemoryBarrier();
    }

    [DoesNotReturn]
    private static void ThrowCorrupt(ulong position, string what) =>
        throw new InvalidDataException($"The ring buffer is corrupt at position {position}: {what}.");
}
