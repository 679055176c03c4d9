using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Buffers;

public sealed class RingBufferTests : KernelTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Records_come_in_order_across_the_end_of_the_ring(bool discard)
    {
        using var events = new EventProgram(discard: discard);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        Assert.Equal(4096, ring.Size);

        long expected = 0;
        for (int round = 0; round < 500; round++)
        {
            events.Run((round % 50) + 1);
            foreach (ReadOnlySpan<byte> record in ring.Read())
                Assert.Equal(expected++, MemoryMarshal.Read<long>(record));
            Assert.Equal(events.Submitted, expected);
        }

        Assert.Equal(0, events.Refused);
        Assert.Equal(expected, ring.Consumed);
        Assert.Equal(discard ? expected : 0, ring.Discarded);
        Assert.Equal(0, ring.Available);
    }

    [Fact]
    public void A_full_ring_refuses_and_goes_on_where_it_was()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        events.Run(10_000);
        Assert.True(events.Refused > 0);
        Assert.True(ring.Available > 4096 - 24);
        Assert.Equal(events.Submitted, Numbers(ring).Count);

        events.Run(10);
        Assert.Equal(Enumerable.Range((int)events.Submitted - 10, 10).Select(i => (long)i), Numbers(ring));
    }

    [Fact]
    public void A_second_reader_of_the_ring_goes_on_where_the_first_stopped()
    {
        using var events = new EventProgram();
        events.Run(10);
        using (RingBuffer first = events.Ring.OpenRingBuffer())
            Assert.Equal([0, 1, 2], Numbers(first, 3));
        using (RingBuffer second = events.Ring.OpenRingBuffer())
            Assert.Equal([3, 4, 5, 6, 7, 8, 9], Numbers(second));
    }

    [Fact]
    public void Waiting_ends_with_a_record()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        Assert.False(ring.Wait(TimeSpan.Zero));
        Assert.False(ring.Wait(TimeSpan.FromMilliseconds(2)));
        for (int i = 0; i < 50; i++)
        {
            Thread producer = Start(() =>
            {
                Thread.Sleep(1);
                events.Run(1);
            });
            Assert.Equal(1, ring.Poll(Timeout.InfiniteTimeSpan, record => Assert.Equal(i, MemoryMarshal.Read<long>(record))));
            producer.Join();
        }
    }

    [Fact]
    public void The_map_can_be_disposed_before_the_ring()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        events.Ring.Dispose();
        Thread producer = Start(() =>
        {
            Thread.Sleep(5);
            events.Run(3);
        });
        Assert.True(ring.Wait(Timeout.InfiniteTimeSpan));
        producer.Join();
        Assert.Equal([0, 1, 2], Numbers(ring));
    }

    [Fact]
    public async Task Stream_serves_a_program_that_never_wakes_up()
    {
        using var events = new EventProgram(flags: 1);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        Thread producer = Start(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                Thread.Sleep(10);
                events.Run(1);
            }
        });
        long expected = 0;
        await foreach (long number in ring.ReadAllAsync<long>())
        {
            Assert.Equal(expected++, number);
            if (expected == 3)
                break;
        }

        producer.Join();
    }

    /// <summary>A producer and a consumer at full speed: a lost wake-up would stop it for ever.</summary>
    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4096, 7)]
    [InlineData(65536, 100)]
    public async Task No_record_and_no_wake_up_is_lost(uint size, int burst)
    {
        using var events = new EventProgram(size);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        using var stop = new CancellationTokenSource();
        Thread producer = Start(() =>
        {
            for (int i = 0; i < 60_000; i += burst)
                events.Run(burst);
            // One more, and it alone, so that the reader learns of the end whatever was refused.
            while (events.Submitted != ring.Consumed)
                Thread.Yield();
            stop.Cancel();
        });

        long expected = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (long number in ring.ReadAllAsync<long>(stop.Token))
                Assert.Equal(expected++, number);
        });
        producer.Join();
        Assert.Equal(events.Submitted, ring.Consumed);
    }

    /// <summary>The same without the stream's own timer: each wait is without end.</summary>
    [Fact]
    public void No_wake_up_is_lost_when_waiting_without_end()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        const int Count = 30_000;
        Thread producer = Start(() =>
        {
            while (events.Submitted < Count)
                events.Run(1);
        });
        long expected = 0;
        while (expected < Count)
            ring.Poll(Timeout.InfiniteTimeSpan, record => Assert.Equal(expected++, MemoryMarshal.Read<long>(record)));
        producer.Join();
        Assert.Equal(Count, expected);
    }

    [Fact]
    public async Task Cancellation_and_dispose_end_a_waiting_stream()
    {
        using var events = new EventProgram();
        RingBuffer ring = events.Ring.OpenRingBuffer();
        using var stop = new CancellationTokenSource(5);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (long _ in ring.ReadAllAsync<long>(stop.Token))
            {
            }
        });

        IAsyncEnumerator<long> waiting = ring.ReadAllAsync<long>().GetAsyncEnumerator();
        ValueTask<bool> next = waiting.MoveNextAsync();
        ring.Dispose();
        Assert.False(await next);
        await waiting.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => ring.Read());
    }

    [Fact]
    public void Reading_and_waiting_allocate_nothing()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        RecordHandler handler = static _ => { };
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                events.Run(10);
                Assert.True(ring.Wait(Timeout.InfiniteTimeSpan));
                if (ring.Consume(handler) != 10 || ring.Wait(TimeSpan.FromTicks(1)))
                    Assert.Fail("not ten records");
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Only_a_ring_buffer_is_one()
    {
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        Assert.Throws<InvalidOperationException>(() => map.OpenRingBuffer());
    }

    [Fact]
    public void A_size_that_the_kernel_refuses_is_explained()
    {
        var options = new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "odd", MaxEntries = 5000 };
        BpfException exception = Assert.Throws<BpfException>(() => BpfMap.Create(options));
        Assert.Equal(Errno.EINVAL, exception.Errno);
        Assert.Contains("power of two", exception.Message);
    }

    private static List<long> Numbers(RingBuffer ring, int limit = int.MaxValue)
    {
        var numbers = new List<long>();
        ring.Consume(record => numbers.Add(MemoryMarshal.Read<long>(record)), limit);
        return numbers;
    }

    private static Thread Start(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        return thread;
    }
}
