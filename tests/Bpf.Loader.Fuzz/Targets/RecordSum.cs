using System;
using System.IO;
using Bpf.Loader.Buffers;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>What a reader found in a ring: two ways to read the same must find the same.</summary>
/// <param name="memory">Where the records may lie.</param>
/// <param name="scratch">Where they may lie as well, put together.</param>
internal sealed class RecordSum(GuardedMemory memory, byte[]? scratch = null)
{
    /// <summary>How many records.</summary>
    public int Count { get; private set; }

    /// <summary>All of their bytes, in short.</summary>
    public ulong Sum { get; private set; }

    /// <summary>What the reading was given up for.</summary>
    public InvalidDataException? Refusal { get; private set; }

    /// <summary>Reads, and remembers the refusal.</summary>
    public void Read(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Refusal = e;
        }
    }

    /// <summary>Takes a record.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        Oracle.Require(memory.Contains(record) || (scratch is not null && scratch.AsSpan().Overlaps(record)), "a record outside of its ring");
        Oracle.Require(++Count <= memory.Size / 8, "more records than have room");
        Sum = (Sum * 31) + (ulong)record.Length;
        foreach (byte value in record) Sum = (Sum * 31) + value;
    }

    /// <summary>Requires two readers to have found the same.</summary>
    public static void Same(RecordSum first, RecordSum second)
    {
        Oracle.Require((first.Count, first.Sum, first.Refusal?.Message) == (second.Count, second.Sum, second.Refusal?.Message), "two ways to read a ring that differ");
        if (first.Refusal is not null) throw first.Refusal;
    }

    /// <summary>Takes all.</summary>
    public struct Visitor(RecordSum sum) : IRecordVisitor
    {
        /// <inheritdoc/>
        public bool Visit(ReadOnlySpan<byte> record)
        {
            sum.Add(record);
            return true;
        }
    }
}
