using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Xunit;

namespace Bpf.Loader.Tests.Buffers;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class RingBufferTests : IDisposable
{
    private readonly FakeRing _fake = new(4096);
    private readonly FakeMemory _memory = new();
    private readonly FakeWaiter _waiter = new();
    private readonly RingBuffer _ring;

    public RingBufferTests() => _ring = new RingBuffer("events", _fake.Area, _memory, _waiter);

    public void Dispose()
    {
        _ring.Dispose();
        Assert.Equal(1, _memory.Disposals);
        Assert.True(_waiter.IsDisposed);
        _fake.Dispose();
    }

    [Fact]
    public void Enumerating_reads_everything_in_place()
    {
        for (int i = 0; i < 20; i++)
            Produce(i);
        Assert.Equal(20 * 16, _ring.Available);

        int expected = 0;
        foreach (ReadOnlySpan<byte> record in _ring.Read())
        {
            Assert.True(_fake.Contains(record));
            Assert.Equal(expected++, MemoryMarshal.Read<int>(record));
        }

        Assert.Equal(20, expected);
        Assert.Equal(20, _ring.Consumed);
        Assert.Equal(0, _ring.Available);
    }

    [Fact]
    public void A_limit_leaves_the_rest()
    {
        for (int i = 0; i < 10; i++)
            Produce(i);
        Assert.Equal([0, 1, 2], Take(3));
        Assert.Equal([], Take(0));
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], Take(int.MaxValue));
    }

    [Fact]
    public void Leaving_the_loop_consumes_the_record_in_hand()
    {
        for (int i = 0; i < 3; i++)
            Produce(i);
        foreach (ReadOnlySpan<byte> record in _ring.Read())
        {
            if (MemoryMarshal.Read<int>(record) == 1)
                break;
        }

        Assert.Equal([2], Take(int.MaxValue));
    }

    [Fact]
    public void A_handler_that_throws_has_consumed_its_record()
    {
        Produce(1);
        Produce(2);
        Assert.Throws<FormatException>(() => _ring.Consume(static _ => throw new FormatException()));
        Assert.Equal([2], Take(int.MaxValue));
    }

    [Fact]
    public void A_visitor_can_stop()
    {
        for (int i = 0; i < 5; i++)
            Produce(i);
        var visitor = new StopAt { Value = 2 };
        Assert.Equal(3, _ring.Consume(ref visitor));
        Assert.Equal(3, visitor.Sum);
        Assert.Equal([3, 4], Take(int.MaxValue));
    }

    [Fact]
    public void A_second_reader_is_refused()
    {
        Produce(1);
        foreach (ReadOnlySpan<byte> _ in _ring.Read())
        {
            Assert.Throws<InvalidOperationException>(() => _ring.Consume(static _ => { }));
            Assert.Throws<InvalidOperationException>(() => _ring.Wait(TimeSpan.Zero));
            Assert.Throws<InvalidOperationException>(() => _ring.Available);
        }

        Assert.False(_ring.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Disposing_an_enumerator_twice_does_not_end_another_pass()
    {
        RingRecords first = _ring.Read();
        RingRecords copy = first;
        first.Dispose();
        RingRecords second = _ring.Read();
        copy.Dispose();
        Assert.Throws<InvalidOperationException>(() => _ring.Consume(static _ => { }));
        second.Dispose();
        Assert.Equal(0, _ring.Consume(static _ => { }));
    }

    [Fact]
    public void Disposing_inside_the_loop_keeps_the_memory_until_it_ends()
    {
        Produce(7);
        Produce(8);
        int seen = 0;
        foreach (ReadOnlySpan<byte> record in _ring.Read())
        {
            _ring.Dispose();
            Assert.Equal(0, _memory.Disposals);
            Assert.Equal(7 + seen++, MemoryMarshal.Read<int>(record));
        }

        Assert.Equal(2, seen);
        Assert.Equal(1, _memory.Disposals);
        Assert.Throws<ObjectDisposedException>(() => _ring.Consume(static _ => { }));
        Assert.Throws<ObjectDisposedException>(() => _ring.Wait(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => _ring.Available);
    }

    [Fact]
    public void Corrupt_ring_is_told_and_the_reader_is_let_out()
    {
        _fake.ProducerPosition = 100_000;
        for (int i = 0; i < 2; i++)
            Assert.Throws<InvalidDataException>(() => _ring.Consume(static _ => { }));
        _fake.ProducerPosition = 0;
        _fake.ConsumerPosition = 3;
        for (int i = 0; i < 2; i++)
            Assert.Throws<InvalidDataException>(() => _ring.Consume(static _ => { }));
    }

    [Fact]
    public void Waiting_ends_at_the_time_at_a_record_at_cancellation_and_at_the_end()
    {
        Assert.False(_ring.Wait(TimeSpan.FromMilliseconds(1)));

        using (Later(() => _ = ProduceAndSignal(1)))
            Assert.True(_ring.Wait(Timeout.InfiniteTimeSpan));
        Take(int.MaxValue);

        using var cancellation = new CancellationTokenSource();
        using (Later(cancellation.Cancel))
            Assert.ThrowsAny<OperationCanceledException>(() => _ring.Wait(Timeout.InfiniteTimeSpan, cancellation.Token));

        Assert.False(_ring.Wait(TimeSpan.FromMilliseconds(1)));

        using (Later(_ring.Dispose))
            Assert.Throws<ObjectDisposedException>(() => _ring.Wait(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_wake_up_that_nobody_meant_ends_no_wait()
    {
        _waiter.Wake();
        Assert.False(_ring.Wait(TimeSpan.FromMilliseconds(2)));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => _ring.Wait(TimeSpan.FromTicks(-2)));
    }

    [Fact]
    public void Busy_head_does_not_count_as_a_record()
    {
        Assert.True(_fake.TryReserve([1, 2, 3, 4], out ulong position));
        Assert.False(_ring.Wait(TimeSpan.FromMilliseconds(1)));
        _fake.Commit(position, discard: false);
        Assert.True(_ring.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task Stream_gives_every_record_in_order()
    {
        const int Count = 200_000;
        Thread producer = StartProducer(Count);
        int expected = 0;
        await foreach (int value in _ring.ReadAllAsync<int>())
        {
            Assert.Equal(expected++, value);
            if (expected == Count)
                break;
        }

        producer.Join();
        Assert.Equal(Count, _ring.Consumed);
        Assert.Equal(0, _ring.Available);
    }

    [Fact]
    public async Task Stream_of_bytes_gives_every_record_in_order()
    {
        const int Count = 100_000;
        Thread producer = StartProducer(Count);
        int expected = 0;
        await foreach (ReadOnlyMemory<byte> record in _ring.ReadAllAsync())
        {
            Assert.Equal(expected++, BinaryPrimitives.ReadInt32LittleEndian(record.Span));
            if (expected == Count)
                break;
        }

        producer.Join();
    }

    [Fact]
    public async Task Stream_ends_at_cancellation_at_the_end_and_when_left()
    {
        using var cancellation = new CancellationTokenSource();
        using (Later(cancellation.Cancel))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (int _ in _ring.ReadAllAsync<int>(cancellation.Token))
                {
                }
            });
        }

        // The ring is free again, the wake-up forgotten.
        Assert.False(_ring.Wait(TimeSpan.FromMilliseconds(1)));

        ProduceAndSignal(5);
        await foreach (int value in _ring.ReadAllAsync<int>())
        {
            Assert.Equal(5, value);
            break;
        }

        IAsyncEnumerator<int> waiting = _ring.ReadAllAsync<int>().GetAsyncEnumerator();
        ValueTask<bool> next = waiting.MoveNextAsync();
        _ring.Dispose();
        Assert.False(await next);
        await waiting.DisposeAsync();

        Assert.Equal(1, _memory.Disposals);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (int _ in _ring.ReadAllAsync<int>())
            {
            }
        });
    }

    [Fact]
    public async Task Slow_reader_holds_the_thread_back_and_can_leave()
    {
        Thread producer = StartProducer(100_000, stopWhenFull: true);
        var stream = _ring.ReadAllAsync<int>().GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        producer.Join(); // It ends because the ring is full, which it gets because the thread stops taking.
        Assert.NotEqual(_fake.ProducerPosition, _fake.ConsumerPosition);
        await stream.DisposeAsync();
        Assert.NotEqual(0, _ring.Consume(static _ => { }));
    }

    [Fact]
    public async Task Record_that_is_too_short_is_an_error_after_those_before_it()
    {
        Assert.True(_fake.TryReserve(new byte[8], out ulong position));
        _fake.Commit(position, discard: false);
        Produce(1);
        int seen = 0;
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (long _ in _ring.ReadAllAsync<long>())
                seen++;
        });
        Assert.Equal(1, seen);
        Assert.False(_ring.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task Channel_gets_every_record_or_they_are_counted()
    {
        var full = Channel.CreateBounded<int>(10);
        for (int i = 0; i < 30; i++)
            ProduceAndSignal(i);
        using var stop = new CancellationTokenSource();
        Task copying = _ring.CopyToAsync(full.Writer, dropWhenFull: true, stop.Token);
        while (_ring.Dropped < 20)
            await Task.Yield();
        for (int i = 0; i < 10; i++)
            Assert.Equal(i, await full.Reader.ReadAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => full.Reader.Completion);

        var slow = Channel.CreateBounded<int>(2);
        Thread producer = StartProducer(1000);
        copying = _ring.CopyToAsync(slow.Writer);
        for (int i = 0; i < 1000; i++)
            Assert.Equal(i, await slow.Reader.ReadAsync());
        producer.Join();
        Assert.Equal(20, _ring.Dropped);
        _ring.Dispose();
        await copying;
        await slow.Reader.Completion;
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var visitor = new StopAt { Value = -1 };
        RecordHandler handler = static _ => { };
        long before = 0;
        for (int round = 0; round < 3; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                Produce(i);
                _ring.Consume(ref visitor);
                Produce(i);
                _ring.Consume(handler);
                Produce(i);
                foreach (ReadOnlySpan<byte> _ in _ring.Read())
                {
                }

                _ring.Wait(TimeSpan.Zero);
            }

            before = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, before);
    }

    private static Joiner Later(Action action)
    {
        var thread = new Thread(() =>
        {
            Thread.Sleep(5);
            action();
        });
        thread.Start();
        return new Joiner(thread);
    }

    private Thread StartProducer(int count, bool stopWhenFull = false)
    {
        var thread = new Thread(() =>
        {
            for (int i = 0; i < count; i++)
            {
                int stalled = 0;
                ulong position = 0;
                while (!ProduceAndSignal(i))
                {
                    if (!stopWhenFull)
                    {
                        Thread.Yield();
                        continue;
                    }

                    // Full, and nobody has taken anything for a second: the reader waits for us, not we for it.
                    stalled = _fake.ConsumerPosition == position ? stalled + 1 : 0;
                    position = _fake.ConsumerPosition;
                    if (stalled == 100)
                        return;
                    Thread.Sleep(10);
                }
            }
        });
        thread.Start();
        return thread;
    }

    private void Produce(int value)
    {
        Assert.True(_fake.TryReserve(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)), out ulong position));
        _fake.Commit(position, discard: false);
    }

    private bool ProduceAndSignal(int value)
    {
        if (!_fake.TryReserve(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)), out ulong position))
            return false;
        if (_fake.Commit(position, discard: false))
            _waiter.Signal();
        return true;
    }

    private List<int> Take(int limit)
    {
        var values = new List<int>();
        _ring.Consume(record => values.Add(MemoryMarshal.Read<int>(record)), limit);
        return values;
    }

    private struct StopAt : IRecordVisitor
    {
        public int Value;
        public int Sum;

        public bool Visit(ReadOnlySpan<byte> record)
        {
            int value = MemoryMarshal.Read<int>(record);
            Sum += value;
            return value != Value;
        }
    }

    private sealed class Joiner(Thread thread) : IDisposable
    {
        public void Dispose() => thread.Join();
    }
}
