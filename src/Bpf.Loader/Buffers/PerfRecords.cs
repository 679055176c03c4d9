using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Buffers;

/// <summary>The records of a perf buffer, CPU by CPU: <c>foreach (PerfRecord record in buffer.Read())</c>.</summary>
/// <remarks>
/// Nothing is allocated, and nothing is copied but a record that goes over the end of its ring. A record is valid until the loop goes
/// on, and counts as consumed however the loop ends. Dispose it when not using <see langword="foreach"/>: until then the buffer is
/// closed to other readers.
/// </remarks>
[SupportedOSPlatform("linux")]
public ref struct PerfRecords
{
    private readonly PerfBuffer _buffer;
    private readonly int _pass;
    private PerfCursor _cursor;
    private int _ring;
    private int _cpu;
    private int _left;

    internal PerfRecords(PerfBuffer buffer, int limit, int pass)
    {
        _buffer = buffer;
        _left = limit;
        _pass = pass;
        _ring = -1;
    }

    /// <summary>The record; valid until <see cref="MoveNext"/> or <see cref="Dispose"/>.</summary>
    // UnscopedRef: ties the record to this variable, so that the compiler refuses to let it out of the loop.
    [UnscopedRef]
    public readonly PerfRecord Current => new(_cpu, _cursor.Current);

    /// <summary>Returns itself, for <see langword="foreach"/>.</summary>
    public readonly PerfRecords GetEnumerator() => this;

    /// <summary>Goes to the next record; the one before is given back to the kernel.</summary>
    /// <exception cref="System.IO.InvalidDataException">The ring contradicts itself: another process writes to its pages.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        // A copy of an enumerator that was disposed has no rings any more, which may be unmapped.
        if (_left == 0 || !_buffer.IsInPass(_pass) || ((_ring < 0 || !_cursor.MoveNext()) && !MoveToNextRing()))
            return false;
        _left--;
        return true;
    }

    /// <summary>Gives back what was read and opens the buffer for the next reader.</summary>
    public void Dispose() => _buffer?.EndPass(_ring, ref _cursor, _pass);

    private bool MoveToNextRing()
    {
        do
        {
            if (_ring >= 0)
                _buffer.EndRing(_ring, ref _cursor);
            if (_ring + 1 >= _buffer.CpuCount)
            {
                _cursor = default;
                _left = 0;
                return false;
            }

            _cursor = _buffer.BeginRing(++_ring);
            _cpu = _buffer.GetCpu(_ring);
        }
        while (!_cursor.MoveNext());
        return true;
    }
}
