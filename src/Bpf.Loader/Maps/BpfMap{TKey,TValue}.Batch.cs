using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <content>Many entries in one system call (Linux 5.6 for hash tables and arrays, later for others).</content>
public sealed partial class BpfMap<TKey, TValue>
{
    /// <summary>Reads the next entries.</summary>
    /// <param name="cursor">Where the walk stands; <see langword="default"/> to begin.</param>
    /// <param name="keys">Where the keys go.</param>
    /// <param name="values">Where the values go, as many.</param>
    /// <returns>How many were read. It can be 0 before the end: go on until <see cref="BpfBatchCursor{TKey}.IsAtEnd"/>.</returns>
    /// <exception cref="ArgumentException">The spans are empty or not of one length.</exception>
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

    /// <summary>Adds or replaces values.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values, as many.</param>
    /// <param name="flags"><see cref="BpfElementFlags.Lock"/> or nothing.</param>
    /// <exception cref="ArgumentException">The spans are not of one length.</exception>
    /// <exception cref="BpfException">The kernel refused one, and those behind it were not tried: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public void SetBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values, BpfElementFlags flags = BpfElementFlags.Any)
    {
        CheckLengths(keys.Length, values.Length);
        MapBatch.Set(Map, keys, in Bytes(in MemoryMarshal.GetReference(values)), flags);
    }

    /// <summary>Removes entries; keys that do not exist are passed over.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public int RemoveBatch(ReadOnlySpan<TKey> keys) => MapBatch.Remove(Map, keys);

    private static void CheckLengths(int keys, int values)
    {
        if (keys != values)
            throw new ArgumentException($"There are {keys} keys and {values} values.");
    }

    private int Walk(BpfCommand command, ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, Span<TValue> values)
    {
        CheckLengths(keys.Length, values.Length);
        return MapBatch.Walk(Map, command, ref cursor, keys, ref Bytes(in MemoryMarshal.GetReference(values)));
    }
}
