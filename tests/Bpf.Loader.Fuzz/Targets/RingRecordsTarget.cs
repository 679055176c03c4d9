using System;
using System.IO;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>A ring buffer whose pages somebody scribbled on: what is read lies within it, and reading comes to an end.</summary>
internal sealed unsafe class RingRecordsTarget() : FuzzTarget("ring-records")
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Mutator.Mutate(random.Pick(RingSeeds.Rings), random, random.Pick(RingSeeds.Rings).Image);

    public override bool IsRefusal(Exception exception) => exception is InvalidDataException;

    public override void Run(byte[] input)
    {
        RecordSum one = Read(input, static (area, _, sum) =>
        {
            var cursor = new RingCursor(area);
            while (cursor.MoveNext()) sum.Add(cursor.Current);
            cursor.Release();
            Oracle.Require((long)(Volatile.Read(ref *area.ProducerPosition) - Volatile.Read(ref *area.ConsumerPosition)) >= 0, "more was given back than was there");
        });
        RecordSum all = Read(input, static (area, _, sum) =>
        {
            var cursor = new RingCursor(area);
            var visitor = new RecordSum.Visitor(sum);
            cursor.Drain(ref visitor, int.MaxValue);
            cursor.Release();
        });
        // A ring that overwrites its oldest records is copied first.
        Read(input, static (area, overwritten, sum) =>
        {
            using var snapshot = new RingSnapshot(area, overwritten, new MemoryStream());
            RingCursor cursor = snapshot.Take();
            int count = 0;
            while (cursor.MoveNext()) Oracle.Require(++count <= RingSeeds.Size / 8, "more records than have room");
            cursor.Release();
            snapshot.Finish();
        });
        RecordSum.Same(one, all);
    }

    private static RecordSum Read(byte[] input, RingReader read)
    {
        // The data stand there twice, so that no record wraps.
        using var memory = new GuardedMemory(32 + (2 * RingSeeds.Size));
        ReadOnlySpan<byte> positions = input.AsSpan(0, Math.Min(input.Length, RingSeeds.HeaderSize)), data = input.AsSpan(positions.Length);
        if (data.Length > RingSeeds.Size) data = data[..RingSeeds.Size];
        positions.CopyTo(memory.Bytes);
        data.CopyTo(memory.Bytes[32..]);
        data.CopyTo(memory.Bytes[(32 + RingSeeds.Size)..]);
        ulong* numbers = (ulong*)memory.Start;
        var sum = new RecordSum(memory);
        var area = new RingArea(numbers, numbers + 1, memory.Start + 32, RingSeeds.Size);
        sum.Read(() => read(area, numbers + 2, sum));
        return sum;
    }

    private delegate void RingReader(RingArea area, ulong* overwritten, RecordSum sum);
}
