using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Buffers;

/// <summary>
/// A producer on one CPU and a consumer on another, at full speed, and every event counted: a wake-up that got lost would stop the
/// test for ever, and a record that got lost is a gap in the numbers. The variable BPF_STRESS_EVENTS makes it longer.
/// </summary>
public sealed class RingStressTests : KernelTest
{
    private const long DefaultEvents = 1_000_000;

    private static readonly long Events =
        long.TryParse(Environment.GetEnvironmentVariable("BPF_STRESS_EVENTS"), CultureInfo.InvariantCulture, out long events) ? events : DefaultEvents;

    /// <summary>How the consumer goes on when there is nothing.</summary>
    public enum Waiting
    {
        /// <summary>It waits without end, so that only the kernel can wake it.</summary>
        WithoutEnd,

        /// <summary>It waits without end, and the collector stops all threads again and again.</summary>
        UnderCollection,

        /// <summary>It asks again at once, and programs wake nobody.</summary>
        Busy,

        /// <summary>It waits for a short time, and programs wake nobody.</summary>
        WithTimeout,
    }

    [Theory]
    [InlineData(Waiting.WithoutEnd, 4096)]
    [InlineData(Waiting.WithoutEnd, 1 << 20)]
    [InlineData(Waiting.UnderCollection, 4096)]
    [InlineData(Waiting.Busy, 65536)]
    [InlineData(Waiting.WithTimeout, 65536)]
    public void Every_event_arrives(Waiting waiting, int size)
    {
        const int NoWakeUp = 1;
        using var events = new EventProgram((uint)size, waiting is Waiting.Busy or Waiting.WithTimeout ? NoWakeUp : 0);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        bool stop = false;
        var producer = new Thread(() =>
        {
            Cpu.StayOn(0);
            // Short bursts meet the consumer as it falls asleep, long ones fill the ring; what does not fit is not an event.
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                events.Run(1 + (i % 64 * (i % 7)));
            }
        });
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect(0);
                Thread.Sleep(1);
            }
        });
        producer.Start();
        if (waiting == Waiting.UnderCollection)
            collector.Start();

        long expected = 0, gaps = 0;
        var consumer = new Thread(() =>
        {
            Cpu.StayOn(Environment.ProcessorCount - 1);
            RecordHandler handler = record =>
            {
                if (MemoryMarshal.Read<long>(record) != expected)
                    gaps++;
                expected++;
            };
            while (expected < Events)
            {
                if (waiting == Waiting.Busy)
                    ring.Consume(handler);
                else if (waiting == Waiting.WithTimeout)
                    ring.Poll(TimeSpan.FromMilliseconds(1), handler);
                else
                    ring.Poll(Timeout.InfiniteTimeSpan, handler);
                if (waiting == Waiting.WithTimeout)
                    ring.Consume(handler);
            }
        });
        consumer.Start();
        consumer.Join();
        Volatile.Write(ref stop, true);
        producer.Join();
        if (waiting == Waiting.UnderCollection)
            collector.Join();

        ring.Consume(record => expected++);
        Assert.Equal(0, gaps);
        Assert.Equal(events.Submitted, expected);
        Assert.Equal(events.Submitted, ring.Consumed);
        Assert.Equal(0, ring.Discarded);
        Assert.Equal(0, ring.Available);
    }

    [Fact]
    public void Limits_and_counts_hold_while_the_ring_fills()
    {
        using var events = new EventProgram(65536, discard: true);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        Assert.Equal(0, ring.Available);
        events.Run(100);
        // A record of 8 bytes takes 16, the discarded one of 24 takes 32.
        Assert.Equal(100 * (16 + 32), ring.Available);
        Assert.Equal(0, ring.Consume(static _ => { }, 0));
        Assert.Equal(30, ring.Consume(static _ => { }, 30));
        Assert.Equal((30, 30), (ring.Consumed, ring.Discarded));
        Assert.Equal(70 * (16 + 32), ring.Available);
        var three = new Stopping(3);
        Assert.Equal(3, ring.Consume(ref three));
        Assert.Equal(67, ring.Consume(static _ => { }));
        Assert.Equal((100, 100, 0), (ring.Consumed, ring.Discarded, ring.Available));
        Assert.Equal(0, ring.Poll(TimeSpan.FromMilliseconds(1), static _ => { }));
    }

    private struct Stopping(int after) : IRecordVisitor
    {
        public bool Visit(ReadOnlySpan<byte> record) => --after > 0;
    }
}
