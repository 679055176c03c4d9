using System;
using System.Threading;

namespace Bpf.Loader.Buffers;

public sealed partial class RingBuffer : IRecordSource
{
    /// <inheritdoc/>
    bool IRecordSource.IsClosed => _gate.IsClosed;

    /// <summary>Calls back for each record that is there, without waiting.</summary>
    /// <param name="handler">Takes a record; if it throws, that record counts as consumed.</param>
    /// <param name="limit">How many records at the most.</param>
    /// <returns>How many records were taken.</returns>
    /// <inheritdoc cref="Read" path="/exception"/>
    public int Consume(RecordHandler handler, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new HandlerVisitor(handler);
        return Consume(ref visitor, limit);
    }

    /// <summary>Shows each record that is there to a visitor, without waiting.</summary>
    /// <param name="visitor">Takes a record and says whether to go on; a structure costs no indirect call.</param>
    /// <param name="limit">How many records at the most.</param>
    /// <returns>How many records were taken.</returns>
    /// <inheritdoc cref="Read" path="/exception"/>
    public int Consume<TVisitor>(ref TVisitor visitor, int limit = int.MaxValue)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _gate.Enter("ring buffer", Name);
        try
        {
            return Drain(ref visitor, limit);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Waits until a record can be read.</summary>
    /// <param name="timeout">How long at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <remarks>
    /// Records that a program submits with <c>BPF_RB_NO_WAKEUP</c> end no wait that has begun: wait for such programs with a timeout
    /// and look into the ring whatever the answer was.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed, maybe while waiting.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default) => RecordWait.For(this, timeout, cancellationToken);

    /// <summary>Waits until a record can be read, then calls back for each that is there.</summary>
    /// <param name="timeout">How long to wait at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="handler">Takes a record; if it throws, that record counts as consumed.</param>
    /// <returns>How many records were taken; 0 when the time was over first.</returns>
    /// <inheritdoc cref="Wait" path="/exception"/>
    public int Poll(TimeSpan timeout, RecordHandler handler)
    {
        Wait(timeout);
        return Consume(handler);
    }

    /// <inheritdoc/>
    void IRecordSource.Enter() => _gate.Enter("ring buffer", Name);

    /// <inheritdoc/>
    void IRecordSource.Exit()
    {
        _waiter.Reset();
        Exit();
    }

    /// <inheritdoc/>
    int IRecordSource.Drain<TVisitor>(ref TVisitor visitor) => Drain(ref visitor, int.MaxValue);

    /// <inheritdoc/>
    bool IRecordSource.HasRecords() => HeadIsReady();

    /// <inheritdoc/>
    WaitResult IRecordSource.Wait(int milliseconds) => _waiter.WaitOnce(milliseconds);

    /// <inheritdoc/>
    void IRecordSource.Wake() => _waiter.Wake();

    /// <summary>Whether a record can be read.</summary>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    internal bool HasRecord()
    {
        _gate.Enter("ring buffer", Name);
        bool result = HeadIsReady();
        Exit();
        return result;
    }

    private int Drain<TVisitor>(ref TVisitor visitor, int limit)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        RingCursor cursor = Begin();
        try
        {
            cursor.Drain(ref visitor, limit);
        }
        finally
        {
            Finish(ref cursor, cursor.Shown);
        }

        return cursor.Shown;
    }

    private unsafe bool HeadIsReady()
    {
        // What the last pass gave back must be seen by the producers before their position is read.
        Interlocked.MemoryBarrier();
        ulong position = Head();
        if (Volatile.Read(ref *_area.ProducerPosition) == position)
            return false;
        // A position that cannot be one is for Read() to complain about.
        byte* head = _area.Data + (position & (_area.Size - 1) & ~7UL);
        return (Volatile.Read(ref *(uint*)head) & RingFormat.BusyBit) == 0;
    }

    private readonly struct HandlerVisitor(RecordHandler handler) : IRecordVisitor
    {
        public bool Visit(ReadOnlySpan<byte> record)
        {
            handler(record);
            return true;
        }
    }
}
