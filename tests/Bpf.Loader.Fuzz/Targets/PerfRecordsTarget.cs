using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The ring of a perf event whose pages somebody scribbled on, read in both directions.</summary>
internal sealed unsafe class PerfRecordsTarget() : FuzzTarget("perf-records")
{
    // Behind the two positions of the page; the data end where the memory does.
    private const int PageSize = 1040;

    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) =>
        Mutator.Mutate(random.Pick(random.Once(3) ? RingSeeds.PerfBackward : RingSeeds.Perf), random, random.Pick(RingSeeds.Perf).Image);

    public override bool IsRefusal(Exception exception) => exception is InvalidDataException;

    public override void Run(byte[] input)
    {
        byte[] scratch = new byte[PerfCursor.MaxRecordSize];
        RecordSum one = Read(input, scratch, (area, sum) =>
        {
            var cursor = new PerfCursor(area, scratch);
            while (cursor.MoveNext()) sum.Add(cursor.Current);
            cursor.Release();
            Oracle.Require((long)(Volatile.Read(ref *area.Head) - Volatile.Read(ref *area.Tail)) >= 0, "more was given back than was there");
        });
        RecordSum all = Read(input, scratch, (area, sum) =>
        {
            var cursor = new PerfCursor(area, scratch);
            var visitor = new RecordSum.Visitor(sum);
            cursor.Drain(ref visitor, int.MaxValue);
            cursor.Release();
        });
        ulong until = input.Length >= RingSeeds.HeaderSize ? BinaryPrimitives.ReadUInt64LittleEndian(input.AsSpan(16)) : 0;
        RecordSum backward = Read(input, scratch, (area, sum) =>
        {
            var cursor = new PerfBackwardCursor(area, scratch, until);
            while (cursor.MoveNext()) sum.Add(cursor.Current);
        });
        Oracle.Require(backward.Refusal is null, "a ring that may be cut off anywhere is refused");
        RecordSum.Same(one, all);
    }

    private static RecordSum Read(byte[] input, byte[] scratch, Action<PerfArea, RecordSum> read)
    {
        using var memory = new GuardedMemory(PageSize + RingSeeds.Size);
        ReadOnlySpan<byte> positions = input.AsSpan(0, Math.Min(input.Length, 16)), data = input.AsSpan(Math.Min(input.Length, RingSeeds.HeaderSize));
        if (data.Length > RingSeeds.Size) data = data[..RingSeeds.Size];
        positions.CopyTo(memory.Bytes[(PageSize - 16)..]);
        data.CopyTo(memory.Bytes[PageSize..]);
        var sum = new RecordSum(memory, scratch);
        var area = new PerfArea(memory.Start, memory.Start + PageSize, RingSeeds.Size);
        sum.Read(() => read(area, sum));
        return sum;
    }
}
