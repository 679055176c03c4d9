using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>One pass of the consumer over a ring: the protocol of <c>kernel/bpf/ringbuf.c</c> and nothing else.</summary>
/// <remarks>
/// Positions and headers are written by others and are read once, with acquire semantics, before they are believed; whatever they
/// say, no byte outside of the area is read. What has been read is given back with release semantics, at the latest when
/// <see cref="_holdBack"/> bytes have gathered: a store per record would move the line of the consumer's position between two CPUs
/// for every event. Positions are compared by their difference, for they may run over.
/// </remarks>
internal unsafe struct RingCursor
{
    private readonly RingArea _area;
    private readonly ulong _mask;
    private readonly ulong _holdBack;

    // The next record to look at; up to where records may be taken without further thought, because they are there and need not be
    // given back yet; where reading has to stop; how much has been given back to the producers.
    private ulong _position;
    private ulong _limit;
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
        _end = _limit = _position;
        _record = area.Data;

        if ((_position & 7) != 0)
            ThrowCorrupt(_position, "the consumer position is not a multiple of 8");
    }

    /// <summary>How many records were skipped because their producer discarded them.</summary>
    public long Discarded { get; private set; }

    /// <summary>How many records <see cref="Drain"/> showed, one at which the visitor threw included.</summary>
    public int Shown { get; private set; }

    /// <summary>The payload that <see cref="MoveNext"/> found; valid until its next call.</summary>
    // The length has 30 bits: nothing to be checked.
    public readonly ReadOnlySpan<byte> Current => MemoryMarshal.CreateReadOnlySpan(ref *_record, _recordLength);

    /// <summary>Goes to the next record, giving the one before back to the producers.</summary>
    /// <returns><see langword="false"/> when the ring is empty, or when its oldest record is still being written.</returns>
    /// <exception cref="InvalidDataException">Positions or headers contradict each other: somebody else writes to the ring's pages.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        while (true)
        {
            ulong position = _position;
            if ((long)(_limit - position) <= 0 && !Extend(position))
                return false;
            byte* record = _area.Data + (position & _mask);
            uint header = Volatile.Read(ref *(uint*)record);
            if (header > RingFormat.LengthMask)
            {
                if (!Pass(position, record, header))
                    return false;
                continue;
            }

            ulong next = position + RingFormat.Stride(header);
            if ((long)(next - _limit) > 0 && (long)(next - _end) > 0)
                ThrowTooLong(position);
            _position = next;
            _record = record + RingFormat.HeaderSize;
            _recordLength = (int)header;
            return true;
        }
    }

    /// <summary>Shows the records to a visitor, as often as <see cref="MoveNext"/> would find one; see <see cref="Shown"/>.</summary>
    public void Drain<TVisitor>(ref TVisitor visitor, int limit)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        // What changes for each record is in registers; the fields follow, in case that the visitor throws.
        byte* data = _area.Data;
        ulong mask = _mask, position = _position, stop = _limit;
        for (int count = 0; count < limit;)
        {
            if ((long)(stop - position) <= 0)
            {
                if (!Extend(position))
                    return;
                stop = _limit;
            }

            byte* record = data + (position & mask);
            uint header = Volatile.Read(ref *(uint*)record);
            if (header > RingFormat.LengthMask)
            {
                if (!Pass(position, record, header))
                    return;
                position = _position;
                continue;
            }

            ulong next = position + RingFormat.Stride(header);
            if ((long)(next - stop) > 0 && (long)(next - _end) > 0)
                ThrowTooLong(position);
            _position = position = next;
            Shown = ++count;
            if (!visitor.Visit(MemoryMarshal.CreateReadOnlySpan(ref record[RingFormat.HeaderSize], (int)header)))
                return;
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

    /// <summary>Gives back what is due, and looks for more if there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Extend(ulong position)
    {
        _position = position;
        if (position - _released >= _holdBack)
            Release();
        if (position == _end && !FindMore())
            return false;
        _limit = _end - _released > _holdBack ? _released + _holdBack : _end;
        return true;
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

    /// <summary>Passes over a record that is discarded; of one that is still being written, sees whether it is there now.</summary>
    /// <returns>Whether there is something at the position to look at (again).</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Pass(ulong position, byte* record, uint header)
    {
        if ((header & RingFormat.BusyBit) != 0)
        {
            // A producer wakes us only if it sees that we wait for the very record that it submits, so it must see that first.
            _position = position;
            ReleaseAndFence();
            return (Volatile.Read(ref *(uint*)record) & RingFormat.BusyBit) == 0;
        }

        ulong next = position + RingFormat.Stride(header & RingFormat.LengthMask);
        if ((long)(next - _end) > 0)
            ThrowTooLong(position);
        _position = next;
        Discarded++;
        return true;
    }

    /// <summary>Makes the store of our position visible before anything of the producers is read again; without it a wake-up gets lost.</summary>
    private void ReleaseAndFence()
    {
        Release();
        Interlocked.MemoryBarrier();
    }

    [DoesNotReturn]
    private static void ThrowTooLong(ulong position) => ThrowCorrupt(position, "a record ends behind the producer position");

    [DoesNotReturn]
    private static void ThrowCorrupt(ulong position, string what) =>
        throw new InvalidDataException($"The ring buffer is corrupt at position {position}: {what}.");
}
