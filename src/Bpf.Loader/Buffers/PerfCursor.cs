using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>One pass over the ring of one perf event: the protocol of <c>kernel/events/ring_buffer.c</c> and nothing else.</summary>
/// <remarks>
/// The head is written by the kernel and the tail by us. Whatever stands in the pages, no byte outside of the area is read. What has
/// been read is given back at the latest when <see cref="_holdBack"/> bytes have gathered.
/// </remarks>
internal unsafe ref struct PerfCursor
{
    /// <summary>A record's size is a 16-bit number.</summary>
    public const int MaxRecordSize = 65536;

    // struct perf_event_header: type, 16 bits of flags, size.
    private const int HeaderSize = 8;

    // Behind it, what PERF_SAMPLE_RAW gives: the size of the bytes, and the bytes.
    private const int SampleHeaderSize = HeaderSize + sizeof(uint);
    private const uint TypeLost = 2;
    private const uint TypeSample = 9;

    // Of a header, the type, and what makes the size no multiple of 8.
    private const ulong TypeAndUnevenness = 0x7_0000_ffff_ffff;

    private readonly PerfArea _area;
    private readonly ulong _mask;
    private readonly ulong _holdBack;
    private readonly Span<byte> _scratch;

    // The next record; where reading has to stop; how much has been given back to the kernel.
    private ulong _position;
    private ulong _end;
    private ulong _released;

    // Where a record may begin that is taken without further thought, because it is there and need not be given back yet; and where
    // it must end, so as to lie in one piece.
    private ulong _rowStop;
    private ulong _rowEnd;

    /// <summary>Begins where the last pass ended.</summary>
    /// <param name="area">The ring.</param>
    /// <param name="scratch">Where a record is put together that begins at the end of the ring: <see cref="MaxRecordSize"/> bytes.</param>
    public PerfCursor(scoped in PerfArea area, Span<byte> scratch)
    {
        _area = area;
        _mask = area.Size - 1;
        _holdBack = Math.Min(area.Size / 8, 16384);
        _scratch = scratch;
        _position = _released = _end = _rowStop = _rowEnd = Volatile.Read(ref *area.Tail);
    }

    /// <summary>The bytes that the program sent, and up to 7 more: the kernel pads a sample to 8 bytes and does not say by how many.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether this is a cursor over a ring, and not <see langword="default"/>.</summary>
    public readonly bool IsOpen => _area.Data != null;

    /// <summary>How many records were given out.</summary>
    public long Consumed { get; private set; }

    /// <summary>How many records the kernel had no room for.</summary>
    public long Lost { get; private set; }

    /// <summary>Goes to the next sample.</summary>
    /// <returns><see langword="false"/> when the ring is empty.</returns>
    /// <exception cref="InvalidDataException">Positions or headers contradict each other: somebody else writes to the pages.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        ulong position = _position;
        byte* record = _area.Data + (position & _mask);
        if ((long)(_rowStop - position) <= 0 || !IsPlain(record, _rowEnd - position, out uint size, out uint length))
            return MoveNextSlowly();
        _position = position + size;
        Current = MemoryMarshal.CreateReadOnlySpan(ref record[SampleHeaderSize], (int)length);
        Consumed++;
        return true;
    }

    /// <summary>Shows the samples to a visitor, as often as <see cref="MoveNext"/> would find one.</summary>
    /// <returns><see langword="false"/> when the visitor wants no more.</returns>
    public bool Drain<TVisitor>(ref TVisitor visitor, int limit)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        while (limit > 0)
        {
            // The address of the next record waits for this one's header, so it stays in a register, which needs that there are few
            // others; the fields follow, in case that the visitor throws.
            byte* record = _area.Data + (_position & _mask);
            byte* stop = record + (long)(_rowStop - _position), end = record + (_rowEnd - _position);
            while (record < stop && IsPlain(record, (ulong)(end - record), out uint size, out uint length))
            {
                byte* sample = record + SampleHeaderSize;
                record += size;
                _position += size;
                Consumed++;
                if (!visitor.Visit(MemoryMarshal.CreateReadOnlySpan(ref *sample, (int)length)))
                    return false;
                if (--limit == 0)
                    return true;
            }

            if (!MoveNextSlowly())
                return true;
            if (!visitor.Visit(Current))
                return false;
            limit--;
        }

        return true;
    }

    /// <summary>Gives everything that was read back to the kernel, the current record included.</summary>
    public void Release()
    {
        if (_released == _position)
            return;
        Volatile.Write(ref *_area.Tail, _position);
        _released = _position;
    }

    /// <summary>Whether here lies what lies nearly everywhere: a sample in one piece. There must be bytes for the smallest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(byte* record, ulong left, out uint size, out uint length)
    {
        ulong header = *(ulong*)record;
        size = (uint)(header >> 48);
        length = *(uint*)(record + HeaderSize);
        return (header & TypeAndUnevenness) == TypeSample && size <= left && (ulong)length + SampleHeaderSize <= size;
    }

    /// <summary>Goes to the next sample, whatever lies there and however.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MoveNextSlowly()
    {
        bool found = FindSample();
        BeginRow();
        return found;
    }

    private bool FindSample()
    {
        while (true)
        {
            if (_position - _released >= _holdBack)
                Release();
            if (_position == _end && !FindMore())
                return false;

            ReadOnlySpan<byte> record = Take(HeaderSize, out uint type);
            _position += (ulong)record.Length;
            switch (type)
            {
                case TypeSample:
                    Current = RawSample(record);
                    Consumed++;
                    return true;
                case TypeLost when record.Length >= HeaderSize + 16:
                    // Behind the header the event's id, then the number.
                    Lost += (long)MemoryMarshal.Read<ulong>(record[(HeaderSize + 8)..]);
                    break;
            }
        }
    }

    private void BeginRow()
    {
        ulong offset = _position & _mask, unreleased = _position - _released;
        ulong inRow = Math.Min(_end - _position, _area.Size - offset);
        // The smallest sample has 16 bytes, and records begin at multiples of 8; one that does not is left to FindSample.
        ulong mayBegin = (offset & 7) == 0 && inRow > HeaderSize ? inRow - HeaderSize : 0;
        _rowEnd = _position + inRow;
        _rowStop = _position + Math.Min(mayBegin, unreleased < _holdBack ? _holdBack - unreleased : 0);
    }

    private bool FindMore()
    {
        ulong head = Volatile.Read(ref *_area.Head);
        if (head == _position)
        {
            Release();
            return false;
        }

        if (head - _position > _area.Size)
            ThrowCorrupt(_position, "the head is more than the ring's size ahead");
        _end = head;
        return true;
    }

    /// <summary>The record at the position, put together if it goes over the end of the ring.</summary>
    private readonly ReadOnlySpan<byte> Take(int minimum, out uint type)
    {
        // Records are multiples of 8 bytes, so a header never wraps.
        ulong offset = _position & _mask;
        if ((offset & 7) != 0 || _end - _position < (ulong)minimum)
            ThrowCorrupt(_position, "a header is not where one can be");
        byte* record = _area.Data + offset;
        type = *(uint*)record;
        int size = *(ushort*)(record + 6);
        if (size < minimum || (ulong)size > _end - _position || (size & 7) != 0)
            ThrowCorrupt(_position, $"a record of {size} bytes");

        int first = (int)Math.Min((ulong)size, _area.Size - offset);
        if (first == size)
            return new ReadOnlySpan<byte>(record, size);
        new ReadOnlySpan<byte>(record, first).CopyTo(_scratch);
        new ReadOnlySpan<byte>(_area.Data, size - first).CopyTo(_scratch[first..]);
        return _scratch[..size];
    }

    /// <summary>What PERF_SAMPLE_RAW puts behind the header: the size and the bytes.</summary>
    private readonly ReadOnlySpan<byte> RawSample(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> body = record[HeaderSize..];
        if (body.Length < sizeof(uint) || MemoryMarshal.Read<uint>(body) > body.Length - sizeof(uint))
            ThrowCorrupt(_position, "a sample is longer than its record");
        return body.Slice(sizeof(uint), (int)MemoryMarshal.Read<uint>(body));
    }

    [DoesNotReturn]
    private static void ThrowCorrupt(ulong position, string what) =>
        throw new InvalidDataException($"The perf buffer is corrupt near position {position}: {what}.");
}
