using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Buffers;

/// <summary>The records of a ring buffer as they lie in the mapping: <c>foreach (ReadOnlySpan&lt;byte&gt; record in ring.Read())</c>.</summary>
/// <remarks>
/// Nothing is copied and nothing is allocated. A record is valid until the loop goes on; what is to be kept has to be copied. The
/// loop ends when the ring is empty, when its oldest record is still being written, or at the limit that was asked for; a record that
/// was given out counts as consumed, however the loop ends. Dispose it when not using <see langword="foreach"/>: until then the ring
/// is closed to other readers.
/// </remarks>
[SupportedOSPlatform("linux")]
public ref struct RingRecords
{
    private readonly RingBuffer _ring;
    private readonly int _pass;
    private readonly int _limit;
    private RingCursor _cursor;
    private int _left;

    internal RingRecords(RingBuffer ring, RingCursor cursor, int limit, int pass)
    {
        _ring = ring;
        _cursor = cursor;
        _limit = _left = limit;
        _pass = pass;
    }

    /// <summary>The payload of the current record; valid until <see cref="MoveNext"/> or <see cref="Dispose"/>.</summary>
    // UnscopedRef: ties the span to this variable, so that the compiler refuses to let it out of the loop.
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Current => _cursor.Current;

    /// <summary>Returns itself, for <see langword="foreach"/>.</summary>
    public readonly RingRecords GetEnumerator() => this;

    /// <summary>Goes to the next record; the one before is given back to the producers.</summary>
    /// <exception cref="System.IO.InvalidDataException">The ring contradicts itself: another process writes to its pages.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        // A copy of an enumerator that was disposed has no ring any more, which may be unmapped.
        if (_left == 0 || !_ring.IsInPass(_pass) || !_cursor.MoveNext())
            return false;
        _left--;
        return true;
    }

    /// <summary>Gives back what was read and opens the ring for the next reader.</summary>
    public void Dispose() => _ring?.EndPass(ref _cursor, _limit - _left, _pass);
}
