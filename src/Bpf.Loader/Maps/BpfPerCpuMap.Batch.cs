using System;
using System.Buffers;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <content>Many entries in one system call (Linux 5.6 for hash tables, 5.13 for arrays).</content>
public sealed partial class BpfPerCpuMap<TKey, TValue>
{
    /// <summary>Reads the next entries.</summary>
    /// <param name="cursor">Where the walk stands; <see langword="default"/> to begin.</param>
    /// <param name="keys">Where the keys go.</param>
    /// <param name="values">Where the values go: for each key those of all CPUs, in the order of the CPUs; <see cref="CpuCount"/> times as many.</param>
    /// <returns>How many entries were read. It can be 0 before the end: go on until <see cref="BpfBatchCursor{TKey}.IsAtEnd"/>.</returns>
    /// <exception cref="ArgumentException">The spans are empty, or do not fit each other.</exception>
    /// <exception cref="BpfException">
    /// The kernel refused: <see cref="Errno.ENOSPC"/> when a bucket of the hash table holds more entries than the spans.
    /// </exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public int ReadBatch(ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, Span<TValue> values) =>
        Walk(BpfCommand.MapLookupBatch, ref cursor, keys, values);

    /// <summary>Reads the next entries of a hash table and removes them.</summary>
    /// <inheritdoc cref="ReadBatch"/>
    public int TakeBatch(ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, Span<TValue> values) =>
        Walk(BpfCommand.MapLookupAndDeleteBatch, ref cursor, keys, values);

    /// <summary>Adds or replaces the values of all CPUs.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">For each key the values of all CPUs, in the order of the CPUs.</param>
    /// <exception cref="ArgumentException">The spans do not fit each other.</exception>
    /// <exception cref="BpfException">The kernel refused one, and those behind it were not tried: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public void SetBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
    {
        CheckLengths(keys.Length, values.Length);
        if (IsDense)
        {
            MapBatch.Set(Map, keys, in Bytes(in MemoryMarshal.GetReference(values)), BpfElementFlags.Any);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(checked(keys.Length * Map.ValueBufferSize));
        try
        {
            PerCpuValues.Write(values, buffer);
            MapBatch.Set(Map, keys, in buffer[0], BpfElementFlags.Any);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Removes entries; keys that do not exist are passed over.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public int RemoveBatch(ReadOnlySpan<TKey> keys) => MapBatch.Remove(Map, keys);

    private int Walk(BpfCommand command, ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, Span<TValue> values)
    {
        CheckLengths(keys.Length, values.Length);
        if (IsDense)
            return MapBatch.Walk(Map, command, ref cursor, keys, ref Bytes(in MemoryMarshal.GetReference(values)));

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, checked(keys.Length * Map.ValueBufferSize)));
        try
        {
            int count = MapBatch.Walk(Map, command, ref cursor, keys, ref buffer[0]);
            PerCpuValues.Read(buffer, values[..(count * CpuCount)]);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void CheckLengths(int keys, int values)
    {
        if (values != (long)keys * CpuCount)
            throw new ArgumentException($"There are {keys} keys and {values} values; each key has {CpuCount} values, one for each possible CPU.");
    }
}
