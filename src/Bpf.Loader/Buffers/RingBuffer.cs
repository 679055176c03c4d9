using System;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Buffers;

/// <summary>The reading end of a BPF ring buffer, <c>BPF_MAP_TYPE_RINGBUF</c> (Linux 5.8).</summary>
/// <remarks>
/// Three ways to read, from the fastest to the most comfortable: <see cref="Read"/> enumerates the records in place, <see
/// cref="Consume(RecordHandler, int)"/> and its generic twin call back for each, and <see cref="ReadAllAsync{T}"/> streams copies to
/// asynchronous code. One reader at a time; a second one gets an <see cref="InvalidOperationException"/>. Disposing is safe at any
/// moment and from any thread: it wakes a waiting reader, and the memory stays until a reader that is inside has left.
/// <para>
/// A ring with <see cref="BpfMapFlags.RingBufOverwrite"/> (Linux 6.19) keeps the newest records and needs no reader until something
/// has happened. Each pass over it begins with a copy of all records that are there, so that they stay as they are while they are
/// looked at; what was overwritten before is counted by <see cref="OverwrittenBytes"/>.
/// </para>
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class RingBuffer : IDisposable
{
    private readonly RingArea _area;
    private readonly IDisposable _memory;
    private readonly RingSnapshot? _snapshot;
    private readonly RecordWaiter _waiter;
    private BpfMap? _source; // to know what its records are
    private ReaderGate _gate;
    private int _pass;
    private long _consumed;
    private long _discarded;

    /// <summary>Reads a ring that is mapped already.</summary>
    /// <param name="name">The map's name.</param>
    /// <param name="area">The ring.</param>
    /// <param name="memory">Keeps the ring mapped until disposed.</param>
    /// <param name="waiter">Waits for the ring; disposed with it.</param>
    internal RingBuffer(string name, in RingArea area, IDisposable memory, RecordWaiter waiter)
    {
        Name = name;
        _area = area;
        _memory = memory;
        _waiter = waiter;
    }

    /// <summary>Reads a ring that overwrites its oldest records.</summary>
    /// <param name="name">The map's name.</param>
    /// <param name="area">The ring.</param>
    /// <param name="snapshot">What copies from it; disposed with it, and the ring's memory with that.</param>
    /// <param name="waiter">Waits for the ring; disposed with it.</param>
    internal RingBuffer(string name, in RingArea area, RingSnapshot snapshot, RecordWaiter waiter)
        : this(name, in area, (IDisposable)snapshot, waiter) => _snapshot = snapshot;

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>The ring's bytes.</summary>
    public int Size => checked((int)_area.Size);

    /// <summary>How many records were given out by this object.</summary>
    public long Consumed => Volatile.Read(ref _consumed);

    /// <summary>How many records this object skipped because the program discarded them.</summary>
    public long Discarded => Volatile.Read(ref _discarded);

    /// <summary>
    /// How many bytes of records, headers included, were overwritten before they were read: always 0, unless the map was created with
    /// <see cref="BpfMapFlags.RingBufOverwrite"/>.
    /// </summary>
    public long OverwrittenBytes => _snapshot?.Overwritten ?? 0;

    /// <summary>How many bytes wait to be read, headers and records in the making included.</summary>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody is reading, so the number would mean nothing.</exception>
    public unsafe long Available
    {
        get
        {
            _gate.Enter("ring buffer", Name);
            ulong head = Head(); // first, for it does not pass the producers
            ulong available = Volatile.Read(ref *_area.ProducerPosition) - head;
            Exit();
            return (long)Math.Min(available, _area.Size);
        }
    }

    /// <summary>What waits for this ring.</summary>
    internal RecordWaiter Waiter => _waiter;

    /// <summary>Enumerates the records where they lie: nothing is copied, nothing waits.</summary>
    /// <param name="limit">How many records at the most; a busy program can keep the ring from ever being empty.</param>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="System.IO.InvalidDataException">The ring contradicts itself: another process writes to its pages.</exception>
    public RingRecords Read(int limit = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _gate.Enter("ring buffer", Name);
        try
        {
            return new RingRecords(this, Begin(), limit, ++_pass);
        }
        catch
        {
            Exit();
            throw;
        }
    }

    /// <summary>Wakes a waiting reader and unmaps the ring, at once or when the reader that is inside leaves. The map stays.</summary>
    public void Dispose()
    {
        if (_gate.Close(_waiter))
            Free();
    }

    /// <summary>Whether a pass of <see cref="Read"/> goes on.</summary>
    internal bool IsInPass(int pass) => pass == _pass;

    /// <summary>Ends a pass of <see cref="Read"/>.</summary>
    internal void EndPass(ref RingCursor cursor, int taken, int pass)
    {
        // A copy of an enumerator that was disposed already has no say any more.
        if (pass != _pass)
            return;
        _pass++;
        Finish(ref cursor, taken);
        Exit();
    }

    private RingCursor Begin() => _snapshot is null ? new RingCursor(in _area) : _snapshot.Take();

    /// <summary>The position of the oldest record.</summary>
    private unsafe ulong Head() => _snapshot is null ? Volatile.Read(ref *_area.ConsumerPosition) : _snapshot.Position;

    /// <summary>Gives back what was read, and counts it.</summary>
    private void Finish(ref RingCursor cursor, int taken)
    {
        cursor.Release();
        _snapshot?.Finish();
        Volatile.Write(ref _consumed, _consumed + taken);
        Volatile.Write(ref _discarded, _discarded + cursor.Discarded);
    }

    private void Exit()
    {
        if (_gate.Exit())
            Free();
    }

    private void Free()
    {
        _waiter.Dispose();
        _memory.Dispose();
    }
}
