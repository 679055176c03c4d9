using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>Several ring and perf buffers that one thread reads and waits for.</summary>
/// <remarks>The group does not own the buffers: each is disposed by whoever opened it, after the group. For use by one thread at a time.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BufferGroup : IDisposable
{
    private readonly List<Member> _members = [];
    private readonly EpollWaiter _waiter = new();

    /// <summary>How many buffers there are.</summary>
    public int Count => _members.Count;

    /// <summary>Adds a ring buffer.</summary>
    /// <param name="ring">The buffer.</param>
    /// <param name="handler">Takes its records.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Add(RingBuffer ring, RecordHandler handler)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(handler);
        Add(ring.Waiter, new Member(ring.HasRecord, limit => ring.Consume(handler, limit)));
    }

    /// <summary>Adds a perf buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="handler">Takes its records.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Add(PerfBuffer buffer, PerfRecordHandler handler)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(handler);
        Add(buffer.Waiter, new Member(buffer.HasRecord, limit => buffer.Consume(handler, limit)));
    }

    /// <summary>Calls back for each record that is there, buffer by buffer, without waiting.</summary>
    /// <param name="limit">How many records at the most.</param>
    /// <returns>How many records were taken.</returns>
    /// <exception cref="ObjectDisposedException">A buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading a buffer.</exception>
    /// <exception cref="System.IO.InvalidDataException">A buffer contradicts itself: another process writes to its pages.</exception>
    public int Consume(int limit = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        int count = 0;
        foreach (Member member in _members)
            count += member.Consume(limit - count);
        return count;
    }

    /// <summary>Waits until a buffer has a record.</summary>
    /// <param name="timeout">How long at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The group or a buffer is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading a buffer.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static waiter => ((RecordWaiter)waiter!).Wake(), _waiter);
        var spin = default(SpinWait);
        while (!HasRecord())
        {
            int left = deadline.Left;
            if (left == 0)
                return false;
            WaitResult result = _waiter.WaitOnce(left);
            cancellationToken.ThrowIfCancellationRequested();
            // The kernel calls a ring readable whose oldest record is still being written: do not ask it without end.
            if (result == WaitResult.Ready && !HasRecord())
                spin.SpinOnce();
        }

        return true;
    }

    /// <summary>Waits until a buffer has a record, then calls back for each that is there.</summary>
    /// <param name="timeout">How long to wait at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <returns>How many records were taken; 0 when the time was over first.</returns>
    /// <inheritdoc cref="Wait" path="/exception"/>
    public int Poll(TimeSpan timeout)
    {
        Wait(timeout);
        return Consume();
    }

    /// <summary>Closes the group; the buffers stay.</summary>
    public void Dispose() => _waiter.Dispose();

    // The set of a buffer's own waiter is ready when the buffer is.
    private void Add(RecordWaiter waiter, Member member)
    {
        _waiter.Add(((EpollWaiter)waiter).Handle, EpollEvents.In, _members.Count);
        _members.Add(member);
    }

    private bool HasRecord()
    {
        foreach (Member member in _members)
        {
            if (member.HasRecord())
                return true;
        }

        return false;
    }

    private sealed record Member(Func<bool> HasRecord, Func<int, int> Consume);
}
