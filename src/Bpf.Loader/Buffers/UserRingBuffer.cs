using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>The writing end of a ring buffer from user space to programs, <c>BPF_MAP_TYPE_USER_RINGBUF</c> (Linux 6.1).</summary>
/// <remarks>
/// A program takes the records with <c>bpf_user_ringbuf_drain</c>. Reserve a record, fill it in place, and submit or discard it; or
/// let <see cref="TryWrite(ReadOnlySpan{byte})"/> do all three. Safe to use from several threads. Records become visible in the
/// order in which they were reserved: one that is not submitted holds back those behind it. Disposing is safe at any moment; the
/// memory stays until the records that are reserved were submitted or discarded.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed unsafe class UserRingBuffer : IDisposable
{
    private readonly RingArea _area;
    private readonly IDisposable _memory;
    private readonly RecordWaiter _waiter;
    private readonly Lock _reserving = new();
    private UseCount _uses;

    internal UserRingBuffer(string name, in RingArea area, IDisposable memory, RecordWaiter waiter)
    {
        Name = name;
        _area = area;
        _memory = memory;
        _waiter = waiter;
    }

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>The ring's bytes.</summary>
    public int Size => checked((int)_area.Size);

    /// <summary>How many bytes are free; a record takes its own, 8 for its header, and what rounds them up to 8.</summary>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed.</exception>
    public long Free
    {
        get
        {
            _uses.Enter("user ring buffer", Name);
            ulong used = Volatile.Read(ref *_area.ProducerPosition) - Volatile.Read(ref *_area.ConsumerPosition);
            Leave();
            return _area.Size - (long)Math.Min(used, _area.Size);
        }
    }

    /// <summary>Reserves a record if there is room.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="record">The record, to be filled, and submitted or discarded.</param>
    /// <returns><see langword="false"/> when the ring is too full.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The record would not fit into the empty ring.</exception>
    /// <exception cref="InvalidDataException">The ring contradicts itself: another process writes to its pages.</exception>
    /// <exception cref="ObjectDisposedException">The ring buffer is disposed.</exception>
    public bool TryReserve(int length, out UserRingRecord record)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ulong stride = RingFormat.Stride((uint)length);
        if (stride > _area.Size)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The ring has {_area.Size} bytes, of which each record takes 8 for its header.");

        record = default;
        _uses.Enter("user ring buffer", Name);
        bool reserved = false;
        try
        {
            lock (_reserving)
            {
                ulong consumer = Volatile.Read(ref *_area.ConsumerPosition);
                ulong producer = Volatile.Read(ref *_area.ProducerPosition);
                if (producer - consumer > _area.Size || (producer & 7) != 0)
                    throw new InvalidDataException($"The ring buffer is corrupt: its positions are {consumer} and {producer}.");
                if (stride > _area.Size - (producer - consumer))
                    return false;

                byte* header = _area.Data + (producer & (_area.Size - 1));
                *(ulong*)header = (uint)length | RingFormat.BusyBit;
                Volatile.Write(ref *_area.ProducerPosition, producer + stride);
                record = new UserRingRecord(this, header, length);
                return reserved = true;
            }
        }
        finally
        {
            if (!reserved)
                Leave();
        }
    }

    /// <summary>Reserves a record, waiting for room.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="timeout">How long to wait at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="record">The record, to be filled, and submitted or discarded.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <inheritdoc cref="TryReserve(int, out UserRingRecord)" path="/exception"/>
    public bool TryReserve(int length, TimeSpan timeout, out UserRingRecord record)
    {
        Deadline deadline = Deadline.After(timeout);
        var spin = default(SpinWait);
        while (!TryReserve(length, out record))
        {
            int left = deadline.Left;
            if (left == 0)
                return false;
            // The kernel calls a ring writable that has any room at all: do not ask it without end.
            if (Wait(left) == WaitResult.Ready)
                spin.SpinOnce();
        }

        return true;
    }

    /// <summary>Sends a record if there is room.</summary>
    /// <param name="data">Its bytes.</param>
    /// <inheritdoc cref="TryReserve(int, out UserRingRecord)"/>
    public bool TryWrite(ReadOnlySpan<byte> data)
    {
        if (!TryReserve(data.Length, out UserRingRecord record))
            return false;
        data.CopyTo(record.Data);
        record.Submit();
        return true;
    }

    /// <summary>Sends a record if there is room.</summary>
    /// <typeparam name="T">The C type of the record, in C#.</typeparam>
    /// <param name="value">What to send.</param>
    /// <inheritdoc cref="TryReserve(int, out UserRingRecord)"/>
    public bool TryWrite<T>(in T value)
        where T : unmanaged => TryWrite(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Wakes those who wait for room, and unmaps the ring, at once or when the last reserved record is given up. The map stays.</summary>
    public void Dispose()
    {
        // A use of our own keeps the waiter until those who wait are told.
        if (!_uses.TryEnter())
            return;
        if (_uses.Close())
            _waiter.Wake();
        Leave();
    }

    internal static UserRingBuffer Open(BpfMap map)
    {
        if (map.Type != BpfMapType.UserRingBuf)
            throw new InvalidOperationException($"Map '{map.Name}' is of type {map.Type}, not {BpfMapType.UserRingBuf}.");
        RingMemory memory = RingMemory.Map(map);
        try
        {
            return new UserRingBuffer(map.Name, memory.Area, memory, EpollWaiter.For(map.Handle, EpollEvents.Out));
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Ends a record.</summary>
    internal void Commit(byte* header, int length, bool discard)
    {
        uint word = (uint)length | (discard ? RingFormat.DiscardBit : 0);
        // A full fence, as the kernel's own producers have it: what was filled in is there before the record is.
        Interlocked.Exchange(ref Unsafe.AsRef<uint>(header), word);
        Leave();
    }

    private WaitResult Wait(int milliseconds)
    {
        // Any number of threads may wait. The end is signalled for ever, so it reaches all.
        _uses.Enter("user ring buffer", Name);
        try
        {
            return _waiter.Wait(milliseconds);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (!_uses.Exit())
            return;
        _waiter.Dispose();
        _memory.Dispose();
    }
}
