using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Buffers;
using Xunit;

namespace Bpf.Loader.Tests.Buffers;

/// <summary>Rings that overwrite their oldest records.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class RingSnapshotTests
{
    private static readonly RecordHandler Nothing = static _ => { };

    public static TheoryData<int, uint, ulong> Seeds =>
        new(Enumerable.Range(0, 20).Select(seed => (seed, 4096u << (seed % 3), seed % 4 == 0 ? ulong.MaxValue - 4095 : (ulong)(seed % 5) * 4096)));

    [Fact]
    public void The_newest_records_stay()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out FakeMemory memory);
        for (int i = 0; i < 1000; i++)
            Assert.True(Produce(fake, i, 56));

        // 63 of 64 bytes each: the ring is never full to the last byte.
        Assert.Equal(63 * 64, ring.Available);
        Assert.True(ring.Wait(TimeSpan.Zero));
        Assert.Equal(Enumerable.Range(1000 - 63, 63), Take(ring));
        Assert.Equal((63, (1000 - 63) * 64), (ring.Consumed, ring.OverwrittenBytes));
        Assert.Equal(0, ring.Available);
        Assert.False(ring.Wait(TimeSpan.Zero));
        Assert.Empty(Take(ring));
        Assert.True(Produce(fake, 1, 56));
        Assert.Equal([1], Take(ring));
        ring.Dispose();
        Assert.Equal(1, memory.Disposals);
    }

    [Fact]
    public void What_is_looked_at_is_not_overwritten()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        for (int i = 0; i < 10; i++)
            Produce(fake, i, 56);
        int next = 0;
        foreach (ReadOnlySpan<byte> record in ring.Read())
        {
            for (int i = 0; i < 100; i++)
                Produce(fake, 1000, 56);
            Assert.Equal(next++, Check(record));
        }

        Assert.Equal(10, next);
        Assert.Equal(63, ring.Consume(record => Assert.Equal(1000, Check(record))));
        Assert.Equal((1000 - 63) * 64, ring.OverwrittenBytes);
    }

    [Fact]
    public void What_was_not_taken_stays_until_it_is_overwritten()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        for (int i = 0; i < 10; i++)
            Produce(fake, i, 56);
        Assert.Equal([0, 1, 2], Take(ring, 3));
        Assert.Equal([3], Take(ring, 1));
        Assert.Empty(Take(ring, 0));
        for (int i = 10; i < 70; i++)
            Produce(fake, i, 56);
        Assert.Equal(Enumerable.Range(70 - 63, 63), Take(ring));
        Assert.Equal(3 * 64, ring.OverwrittenBytes);
    }

    [Fact]
    public void A_record_in_the_making_stops_readers_and_producers()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        Produce(fake, 1, 56);
        Assert.True(fake.TryReserve(Payload(2, 56), out ulong busy));
        int produced = 0;
        while (Produce(fake, 3, 56)) produced++;
        Assert.Equal(62, produced);
        Assert.Empty(Take(ring));
        Assert.False(ring.Wait(TimeSpan.Zero));
        Assert.Equal(64, ring.OverwrittenBytes); // the first record
        Assert.Equal(busy, fake.ConsumerPosition); // that its commit wakes us
        Assert.True(fake.Commit(busy, discard: false));
        Assert.Equal([2, .. Enumerable.Repeat(3, 62)], Take(ring));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_sequence_leaves_the_newest_in_order(int seed, uint size, ulong start)
    {
        var random = new Random(seed);
        using var fake = new FakeRing(size, start, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        var model = new List<(int Number, ulong Position, State[] State)>();
        var pending = new List<(ulong Position, State[] State)>();
        int discarded = 0;
        for (int number = 0; number < 3000; number++)
        {
            if (fake.TryReserve(Payload(number, 4 + random.Next(random.Next(2) == 0 ? 64 : (int)size / 3)), out ulong position))
            {
                State[] state = [State.Busy];
                model.Add((number, position, state));
                pending.Add((position, state));
            }

            while (pending.Count > random.Next(6))
            {
                int chosen = random.Next(pending.Count);
                bool discard = random.Next(5) == 0;
                fake.Commit(pending[chosen].Position, discard);
                pending[chosen].State[0] = discard ? State.Discarded : State.Submitted;
                pending.RemoveAt(chosen);
            }

            if (random.Next(40) != 0)
                continue;
            model.RemoveAll(one => (long)(one.Position - fake.OverwritePosition) < 0);
            int limit = random.Next(3) == 0 ? random.Next(10) : int.MaxValue;
            var expected = new List<int>();
            while (model.Count > 0 && model[0].State[0] != State.Busy && expected.Count < limit)
            {
                if (model[0].State[0] == State.Submitted) expected.Add(model[0].Number);
                else discarded++;
                model.RemoveAt(0);
            }

            Assert.Equal(expected, Take(ring, limit));
            Assert.Equal(discarded, ring.Discarded);
        }
    }

    [Fact]
    public void A_reader_that_is_overtaken_sees_whole_records_in_order()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        using var stop = new CancellationTokenSource();
        int produced = 0;
        var producer = new Thread(() =>
        {
            var random = new Random(1);
            for (int number = 0; !stop.IsCancellationRequested; number++)
            {
                Assert.True(Produce(fake, number, 4 + random.Next(200)));
                Volatile.Write(ref produced, number + 1);
            }
        });
        producer.Start();
        int last = -1, seen = 0;
        long bytes = 0;
        while (seen < 5_000 || ring.OverwrittenBytes == 0)
        {
            ring.Consume(record =>
            {
                int number = Check(record);
                Assert.True(number > last);
                (last, seen) = (number, seen + 1);
                bytes += (long)RingFormat.Stride((uint)record.Length);
            });
        }

        stop.Cancel();
        producer.Join();
        ring.Consume(record =>
        {
            last = Check(record);
            bytes += (long)RingFormat.Stride((uint)record.Length);
        });
        Assert.Equal(produced - 1, last);
        Assert.Equal((long)fake.ProducerPosition, bytes + ring.OverwrittenBytes);
    }

    [Fact]
    public void A_ring_that_contradicts_itself_is_told()
    {
        using var fake = new FakeRing(4096, overwrites: true);
        using RingBuffer ring = Open(fake, out _);
        fake.ProducerPosition = 100_000;
        for (int i = 0; i < 2; i++)
            Assert.Throws<InvalidDataException>(() => ring.Consume(Nothing));
        fake.ConsumerPosition = 3;
        Assert.Throws<InvalidDataException>(() => ring.Consume(Nothing));
        fake.ConsumerPosition = 0;
        fake.ProducerPosition = 64;
        fake.WriteHeader(0, 1000);
        Assert.Throws<InvalidDataException>(() => ring.Consume(Nothing));
        fake.WriteHeader(0, 56);
        Assert.Equal(1, ring.Consume(Nothing));
    }

    private enum State
    {
        Busy,
        Submitted,
        Discarded,
    }

    private static RingBuffer Open(FakeRing fake, out FakeMemory memory)
    {
        memory = new FakeMemory();
        return new RingBuffer("events", fake.Area, new RingSnapshot(fake.Area, fake.OverwritePlace, memory), new FakeWaiter());
    }

    private static bool Produce(FakeRing fake, int number, int length)
    {
        if (!fake.TryReserve(Payload(number, length), out ulong position))
            return false;
        fake.Commit(position, discard: false);
        return true;
    }

    private static List<int> Take(RingBuffer ring, int limit = int.MaxValue)
    {
        var seen = new List<int>();
        Assert.Equal(ring.Consume(record => seen.Add(Check(record)), limit), seen.Count);
        return seen;
    }

    // A number, and bytes that follow from it.
    private static byte[] Payload(int number, int length)
    {
        byte[] payload = new byte[length];
        payload.AsSpan(4).Fill((byte)(number * 7));
        BitConverter.TryWriteBytes(payload, number);
        return payload;
    }

    private static int Check(ReadOnlySpan<byte> record)
    {
        int number = BitConverter.ToInt32(record);
        Assert.False(record[4..].ContainsAnyExcept((byte)(number * 7)), $"record {number} is torn");
        return number;
    }
}
