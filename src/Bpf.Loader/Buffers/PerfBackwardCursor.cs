using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>
/// One pass over the ring of a perf event that is written from its end to its beginning, and over itself: the newest record comes
/// first. The event must be paused meanwhile.
/// </summary>
/// <remarks>
/// The head goes down from 0 (<c>write_backward</c>, Linux 4.7), nobody writes the tail, and the oldest record may be cut off.
/// Whatever stands in the pages, no byte outside of the area is read.
/// </remarks>
internal unsafe ref struct PerfBackwardCursor
{
    private const int HeaderSize = 8;
    private const uint TypeSample = 9;

    private readonly PerfArea _area;
    private readonly Span<byte> _scratch;
    private ulong _position;
    private ulong _left;

    /// <summary>Begins at the newest record.</summary>
    /// <param name="area">The ring.</param>
    /// <param name="scratch">Where a record is put together that goes over the end of the ring.</param>
    /// <param name="until">The head that was seen the last time, where to stop.</param>
    public PerfBackwardCursor(scoped in PerfArea area, Span<byte> scratch, ulong until)
    {
        _area = area;
        _scratch = scratch;
        _position = Head = Volatile.Read(ref *area.Head);
        // As far as it was written, and not further than what is in it.
        _left = Math.Min(until - Head, area.Size);
    }

    /// <summary>Where the newest record begins.</summary>
    public ulong Head { get; }

    /// <summary>What the program sent.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next older sample.</summary>
    /// <returns><see langword="false"/> when there is none, or what comes was overwritten.</returns>
    public bool MoveNext()
    {
        while (_left >= HeaderSize)
        {
            ulong offset = _position & (_area.Size - 1);
            // Where records cannot begin, a header may reach beyond the area.
            if ((offset & 7) != 0)
                break;
            byte* record = _area.Data + offset;
            uint type = *(uint*)record;
            int size = *(ushort*)(record + 6);
            if (size < HeaderSize || (size & 7) != 0 || (ulong)size > _left)
                break;
            _position += (ulong)size;
            _left -= (ulong)size;
            if (type != TypeSample)
                continue;

            ReadOnlySpan<byte> body = Take(record, size, (int)Math.Min((ulong)size, _area.Size - offset))[HeaderSize..];
            if (body.Length < sizeof(uint) || MemoryMarshal.Read<uint>(body) > body.Length - sizeof(uint))
                break;
            Current = body.Slice(sizeof(uint), (int)MemoryMarshal.Read<uint>(body));
            return true;
        }

        _left = 0;
        return false;
    }

    private readonly ReadOnlySpan<byte> Take(byte* record, int size, int first)
    {
        if (first == size)
            return new ReadOnlySpan<byte>(record, size);
        new ReadOnlySpan<byte>(record, first).CopyTo(_scratch);
        new ReadOnlySpan<byte>(_area.Data, size - first).CopyTo(_scratch[first..]);
        return _scratch[..size];
    }
}
