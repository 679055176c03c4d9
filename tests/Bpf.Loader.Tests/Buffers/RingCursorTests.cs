using System;
using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Buffers;
using Xunit;

namespace Bpf.Loader.Tests.Buffers;

public sealed class RingCursorTests
{
    [Fact]
    public void Empty_ring_gives_nothing()
    {
        using var ring = new FakeRing(4096);
        var cursor = new RingCursor(ring.Area);
        Assert.False(cursor.MoveNext());
        Assert.Equal(0ul, ring.ConsumerPosition);
    }

    [Fact]
    public void Reading_stops_at_a_busy_record_and_goes_on_once_it_is_submitted()
    {
        using var ring = new FakeRing(4096);
        Assert.True(ring.TryReserve([1], out ulong first));
        Assert.True(ring.TryReserve([2], out ulong second));
        ring.Commit(second, discard: false);

        var cursor = new RingCursor(ring.Area);
        Assert.False(cursor.MoveNext());

        ring.Commit(first, discard: false);
        Assert.True(cursor.MoveNext());
        Assert.Equal([1], cursor.Current.ToArray());
        Assert.True(cursor.MoveNext());
        Assert.Equal([2], cursor.Current.ToArray());
        Assert.False(cursor.MoveNext());
        Assert.Equal(ring.ProducerPosition, ring.ConsumerPosition);
    }

    [Fact]
    public void Discarded_records_are_skipped_and_counted()
    {
        using var ring = new FakeRing(4096);
        for (byte i = 0; i < 10; i++)
        {
            Assert.True(ring.TryReserve([i], out ulong position));
            ring.Commit(position, discard: i % 3 != 0);
        }

        var seen = new List<byte>();
        var cursor = new RingCursor(ring.Area);
        while (cursor.MoveNext())
            seen.Add(cursor.Current[0]);
        Assert.Equal([0, 3, 6, 9], seen);
        Assert.Equal(6, cursor.Discarded);
        Assert.Equal(ring.ProducerPosition, ring.ConsumerPosition);
    }

    [Fact]
    public void Empty_payload_is_a_record()
    {
        using var ring = new FakeRing(4096);
        Assert.True(ring.TryReserve([], out ulong position));
        ring.Commit(position, discard: false);
        var cursor = new RingCursor(ring.Area);
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.Current.IsEmpty);
        Assert.False(cursor.MoveNext());
    }

    /// <summary>Random producers against a model: what comes out is the submitted records, in order, up to the first busy one.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_sequence_of_producers_is_read_in_order(int seed, uint size, ulong start)
    {
        var random = new Random(seed);
        using var ring = new FakeRing(size, start);
        var model = new Queue<(byte[] Payload, ulong Position, State[] State)>();
        var pending = new List<(ulong Position, State[] State)>();
        ulong holdBack = Math.Min(size / 8, 4096);

        for (int step = 0; step < 5_000; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    byte[] payload = new byte[random.Next(random.Next(8) == 0 ? (int)size / 2 : 80)];
                    random.NextBytes(payload);
                    if (ring.TryReserve(payload, out ulong position))
                    {
                        State[] state = [State.Busy];
                        model.Enqueue((payload, position, state));
                        pending.Add((position, state));
                    }

                    break;
                case 2 or 3 when pending.Count > 0:
                    int index = random.Next(pending.Count);
                    bool discard = random.Next(4) == 0;
                    ring.Commit(pending[index].Position, discard);
                    pending[index].State[0] = discard ? State.Discarded : State.Submitted;
                    pending.RemoveAt(index);
                    break;
                case 4:
                    int limit = random.Next(3) == 0 ? random.Next(4) : int.MaxValue;
                    Drain(ring, model, limit, holdBack, byVisitor: random.Next(2) == 0);
                    break;
            }
        }

        Assert.True(ring.ProducerPosition - start > 3 * size, "the ring never wrapped");
    }

    /// <summary>Pages that another process scribbles on: an exception or records, never a byte from outside.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Hostile_pages_are_never_read_past(int seed)
    {
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 5_000; round++)
        {
            using var ring = new FakeRing(256, (ulong)random.Next(0, 64) * 8);
            while (random.Next(10) != 0 && ring.TryReserve(new byte[random.Next(40)], out ulong position))
                ring.Commit(position, random.Next(4) == 0);

            for (int i = random.Next(1, 4); i > 0; i--)
            {
                switch (random.Next(4))
                {
                    case 0: ring.ProducerPosition = Scribble(random, ring.ProducerPosition); break;
                    case 1: ring.ConsumerPosition = Scribble(random, ring.ConsumerPosition); break;
                    default: ring.WriteHeader((ulong)random.Next(32) * 8, (uint)random.NextInt64(1L << random.Next(1, 33))); break;
                }
            }

            try
            {
                var cursor = new RingCursor(ring.Area);
                int records = 0;
                if (round % 2 == 0)
                {
                    while (cursor.MoveNext())
                        Check(cursor.Current);
                }
                else
                {
                    var visitor = new CheckingVisitor(Check);
                    cursor.Drain(ref visitor, int.MaxValue);
                }

                void Check(ReadOnlySpan<byte> record)
                {
                    Assert.True(ring.Contains(record));
                    Assert.True(++records <= 32, "more records than can be in the ring");
                }
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 250, 4_999);
    }

    public static TheoryData<int, uint, ulong> Seeds()
    {
        var data = new TheoryData<int, uint, ulong>();
        foreach (uint size in (uint[])[128, 4096, 65536])
        {
            for (int seed = 0; seed < 5; seed++)
                data.Add(seed, size, 0);
            data.Add(99, size, ulong.MaxValue - (size - 1)); // The positions run over.
        }

        return data;
    }

    private static ulong Scribble(Random random, ulong value) => random.Next(3) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => value + (ulong)random.Next(-64, 64),
        _ => value ^ (1ul << random.Next(64)),
    };

    private static void Drain(FakeRing ring, Queue<(byte[] Payload, ulong Position, State[] State)> model, int limit, ulong holdBack, bool byVisitor)
    {
        var cursor = new RingCursor(ring.Area);
        int read = 0;
        if (byVisitor)
        {
            var visitor = new CheckingVisitor(Check);
            cursor.Drain(ref visitor, limit);
            Assert.Equal(read, cursor.Shown);
        }
        else
        {
            while (read < limit && cursor.MoveNext())
                Check(cursor.Current);
        }

        void Check(ReadOnlySpan<byte> record)
        {
            read++;
            while (model.Peek().State[0] == State.Discarded)
                model.Dequeue();
            (byte[] payload, ulong position, State[] state) = model.Dequeue();
            Assert.Equal(State.Submitted, state[0]);
            Assert.Equal(payload, record.ToArray());
            Assert.True(ring.ConsumerPosition <= position || ring.ConsumerPosition > ulong.MaxValue / 2, "a record in use was given back");
            Assert.True(position - ring.ConsumerPosition < holdBack + RingFormat.Stride(0) + ((ulong)ring.Area.Size / 2) + 16, "too much is held back");
        }

        cursor.Release();
        if (read == limit)
            return;

        while (model.TryPeek(out (byte[] Payload, ulong Position, State[] State) next) && next.State[0] == State.Discarded)
            model.Dequeue();
        if (model.TryPeek(out (byte[] Payload, ulong Position, State[] State) head))
        {
            Assert.Equal(State.Busy, head.State[0]);
            Assert.Equal(head.Position, ring.ConsumerPosition);
        }
        else
        {
            Assert.Equal(ring.ProducerPosition, ring.ConsumerPosition);
        }
    }

    private readonly struct CheckingVisitor(RecordHandler check) : IRecordVisitor
    {
        public bool Visit(ReadOnlySpan<byte> record)
        {
            check(record);
            return true;
        }
    }

    public enum State
    {
        Busy,
        Submitted,
        Discarded,
    }
}
