using System;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Buffers;

/// <summary>Ring buffers that keep the newest records (Linux 6.19).</summary>
public sealed class OverwritingRingTests : KernelTest
{
    private const int Size = 4096, Stride = 16, Room = (Size - 1) / Stride;

    [Fact]
    public void The_newest_records_stay_and_the_others_are_counted()
    {
        using EventProgram events = Load();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        Assert.False(ring.Wait(TimeSpan.Zero));
        events.Run(1000);
        Assert.Equal((1000, 0), (events.Submitted, events.Refused));
        Assert.Equal(Room * Stride, ring.Available);
        Assert.True(ring.Wait(Timeout.InfiniteTimeSpan));

        long next = 1000 - Room;
        foreach (ReadOnlySpan<byte> record in ring.Read(100))
        {
            // What is looked at has been copied, as has what comes next.
            if (next % 50 == 0) events.Run(10);
            Assert.Equal(next++, MemoryMarshal.Read<long>(record));
        }

        Assert.Equal((100, (1000 - Room) * Stride), (ring.Consumed, ring.OverwrittenBytes));
        next = events.Submitted - Math.Min(Room, events.Submitted - next);
        Assert.Equal((int)(events.Submitted - next), ring.Consume(record => Assert.Equal(next++, MemoryMarshal.Read<long>(record))));
        Assert.Equal(events.Submitted, next);
        Assert.Equal(events.Submitted * Stride, (ring.Consumed * Stride) + ring.OverwrittenBytes);
        Assert.Equal((0, 0), (ring.Available, ring.Discarded));
        Assert.False(ring.Wait(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(65536)]
    public void A_reader_that_is_overtaken_sees_whole_records_in_order(int size)
    {
        using EventProgram events = Load((uint)size);
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        bool stop = false;
        var producer = new Thread(() =>
        {
            // First all at once, so that much is overwritten; then in bursts, between which the reader falls asleep.
            events.Run(size);
            for (int i = 0; !Volatile.Read(ref stop); i++) events.Run(1 + (i % 64 * (i % 7)));
        });
        producer.Start();
        long last = -1, seen = 0;
        while (seen < 20_000)
        {
            ring.Poll(Timeout.InfiniteTimeSpan, record =>
            {
                long number = MemoryMarshal.Read<long>(record);
                Assert.True(record.Length == 8 && number > last, $"{number} came after {last}");
                (last, seen) = (number, seen + 1);
            });
        }

        Volatile.Write(ref stop, true);
        producer.Join();
        ring.Consume(record => last = MemoryMarshal.Read<long>(record));
        Assert.Equal(events.Submitted - 1, last);
        Assert.Equal(0, events.Refused);
        Assert.Equal(events.Submitted * Stride, (ring.Consumed * Stride) + ring.OverwrittenBytes);
    }

    private static EventProgram Load(uint size = Size)
    {
        try
        {
            return new EventProgram(size, mapFlags: BpfMapFlags.RingBufOverwrite);
        }
        catch (BpfException e) when (e.Errno == Errno.EINVAL && KernelVersion.Current.CompareTo(new KernelVersion(6, 19, 0)) < 0)
        {
            Assert.Skip("Linux 6.19");
            throw;
        }
    }
}
