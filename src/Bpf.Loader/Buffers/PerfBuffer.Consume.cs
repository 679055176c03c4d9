using System;
using System.Threading;

namespace Bpf.Loader.Buffers;

public sealed partial class PerfBuffer : IRecordSource
{
    /// <inheritdoc/>
    bool IRecordSource.IsClosed => _gate.IsClosed;

    /// <summary>Enumerates the records of all CPUs where they lie, without waiting.</summary>
    /// <param name="limit">How many records at the most; busy programs can keep the buffer from ever being empty.</param>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="System.IO.InvalidDataException">A ring contradicts itself: another process writes to its pages.</exception>
    public PerfRecords Read(int limit = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _gate.Enter("perf buffer", Name);
        return new PerfRecords(this, limit, ++_pass);
    }

    /// <summary>Calls back for each record that is there, without waiting.</summary>
    /// <param name="handler">Takes a record; if it throws, that record counts as consumed.</param>
    /// <param name="limit">How many records at the most.</param>
    /// <returns>How many records were taken.</returns>
    /// <inheritdoc cref="Read" path="/exception"/>
    public int Consume(PerfRecordHandler handler, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _gate.Enter("perf buffer", Name);
        try
        {
            int count = 0;
            for (int i = 0; i < _rings.Length && count < limit; i++)
            {
                var visitor = new HandlerVisitor(handler, GetCpu(i));
                count += DrainRing(i, ref visitor, limit - count, out _);
            }

            return count;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Calls back for each record of one CPU that is there, without waiting; those of others stay.</summary>
    /// <param name="cpu">The CPU's number.</param>
    /// <param name="handler">Takes a record; if it throws, that record counts as consumed.</param>
    /// <param name="limit">How many records at the most.</param>
    /// <returns>How many records were taken.</returns>
    /// <exception cref="ArgumentException">The CPU has no ring: it was not online when the buffer was opened, or not asked for.</exception>
    /// <inheritdoc cref="Read" path="/exception"/>
    public int ConsumeCpu(int cpu, PerfRecordHandler handler, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        int ring = Array.FindIndex(_rings, one => one.Cpu == cpu);
        if (ring < 0) throw new ArgumentException($"The perf buffer '{Name}' has no ring for CPU {cpu}.", nameof(cpu));
        _gate.Enter("perf buffer", Name);
        try
        {
            var visitor = new HandlerVisitor(handler, cpu);
            return limit == 0 ? 0 : DrainRing(ring, ref visitor, limit, out _);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Waits until enough records are there (<see cref="PerfBufferOptions.WakeUpEvents"/>) or until some are and were not read.</summary>
    /// <param name="timeout">How long at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The buffer is disposed, maybe while waiting.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default) => RecordWait.For(this, timeout, cancellationToken);

    /// <summary>Waits as <see cref="Wait"/> does, then calls back for each record that is there.</summary>
    /// <param name="timeout">How long to wait at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="handler">Takes a record; if it throws, that record counts as consumed.</param>
    /// <returns>How many records were taken; 0 when the time was over first.</returns>
    /// <inheritdoc cref="Wait" path="/exception"/>
    public int Poll(TimeSpan timeout, PerfRecordHandler handler)
    {
        Wait(timeout);
        return Consume(handler);
    }

    /// <inheritdoc/>
    void IRecordSource.Enter() => _gate.Enter("perf buffer", Name);

    /// <inheritdoc/>
    void IRecordSource.Exit()
    {
        _waiter.Reset();
        Exit();
    }

    /// <inheritdoc/>
    int IRecordSource.Drain<TVisitor>(ref TVisitor visitor)
    {
        long count = 0;
        bool goOn = true;
        for (int i = 0; i < _rings.Length && goOn; i++)
            count += DrainRing(i, ref visitor, int.MaxValue, out goOn);
        return (int)Math.Min(count, int.MaxValue);
    }

    /// <inheritdoc/>
    bool IRecordSource.HasRecords() => HasRecords();

    /// <inheritdoc/>
    WaitResult IRecordSource.Wait(int milliseconds) => _waiter.WaitOnce(milliseconds);

    /// <inheritdoc/>
    void IRecordSource.Wake() => _waiter.Wake();

    internal RecordWaiter Waiter => _waiter;

    internal int GetCpu(int ring) => _rings[ring].Cpu;

    internal PerfCursor BeginRing(int ring) => new(_rings[ring].Area, _scratch);

    internal void EndRing(int ring, ref PerfCursor cursor)
    {
        cursor.Release();
        Volatile.Write(ref _consumed, _consumed + cursor.Consumed);
        if (cursor.Lost == 0)
            return;
        _rings[ring].Lost += cursor.Lost;
        Volatile.Write(ref _lost, _lost + cursor.Lost);
    }

    /// <summary>Whether a pass of <see cref="Read"/> goes on.</summary>
    internal bool IsInPass(int pass) => pass == _pass;

    /// <summary>Ends a pass of <see cref="Read"/>, which may be in the middle of a ring.</summary>
    internal void EndPass(int ring, ref PerfCursor cursor, int pass)
    {
        // A copy of an enumerator that was disposed already has no say any more.
        if (pass != _pass)
            return;
        _pass++;
        if (ring >= 0 && cursor.IsOpen)
            EndRing(ring, ref cursor);
        Exit();
    }

    /// <summary>Whether a record can be read.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    internal bool HasRecord()
    {
        _gate.Enter("perf buffer", Name);
        bool result = HasRecords();
        Exit();
        return result;
    }

    private int DrainRing<TVisitor>(int ring, ref TVisitor visitor, int limit, out bool goOn)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        PerfCursor cursor = BeginRing(ring);
        try
        {
            goOn = cursor.Drain(ref visitor, limit);
        }
        finally
        {
            EndRing(ring, ref cursor);
        }

        return (int)cursor.Consumed;
    }

    private unsafe bool HasRecords()
    {
        foreach (PerfCpuRing ring in _rings)
        {
            if (Volatile.Read(ref *ring.Area.Head) != Volatile.Read(ref *ring.Area.Tail))
                return true;
        }

        return false;
    }

    private readonly struct HandlerVisitor(PerfRecordHandler handler, int cpu) : IRecordVisitor
    {
        public bool Visit(ReadOnlySpan<byte> record)
        {
            handler(cpu, record);
            return true;
        }
    }
}
