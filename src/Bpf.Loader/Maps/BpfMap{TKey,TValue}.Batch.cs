using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;

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
        if (keys.IsEmpty)
            return;
        uint count = (uint)keys.Length;
        Errno errno = BpfSyscall.MapUpdateBatch(
            _handle, in Bytes(in MemoryMarshal.GetReference(keys)), in Bytes(in MemoryMarshal.GetReference(values)), ref count, (ulong)flags);
        if (errno != Errno.None)
            ThrowBatch(BpfCommand.MapUpdateBatch, errno);
    }

    /// <summary>Removes entries; keys that do not exist are passed over.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no batches for this kind of map.</exception>
    public int RemoveBatch(ReadOnlySpan<TKey> keys)
    {
        int removed = 0;
        while (!keys.IsEmpty)
        {
            uint count = (uint)keys.Length;
            Errno errno = BpfSyscall.MapDeleteBatch(_handle, in Bytes(in MemoryMarshal.GetReference(keys)), ref count, 0);
            removed += (int)count;
            if (errno == Errno.None)
                break;
            if (errno != Errno.ENOENT)
                ThrowBatch(BpfCommand.MapDeleteBatch, errno);
            // The kernel stops at a key that does not exist.
            keys = keys[((int)count + 1)..];
        }

        return removed;
    }

    private static void CheckLengths(int keys, int values)
    {
        if (keys != values)
            throw new ArgumentException($"There are {keys} keys and {values} values.");
    }

    private int Walk(BpfCommand command, ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, Span<TValue> values)
    {
        CheckLengths(keys.Length, values.Length);
        if (keys.IsEmpty)
            throw new ArgumentException("There is no room for entries.", nameof(keys));
        if (cursor.IsAtEnd)
            return 0;

        Unsafe.SkipInit(out BpfBatchCursor<TKey> next);
        ref byte output = ref Unsafe.As<BpfBatchCursor<TKey>, byte>(ref next);
        ref byte keyBytes = ref Bytes(in MemoryMarshal.GetReference(keys));
        ref byte valueBytes = ref Bytes(in MemoryMarshal.GetReference(values));
        uint count = (uint)keys.Length;
        Errno errno = command == BpfCommand.MapLookupBatch
            ? BpfSyscall.MapLookupBatch(_handle, in cursor.Input, ref output, ref keyBytes, ref valueBytes, ref count, 0)
            : BpfSyscall.MapLookupAndDeleteBatch(_handle, in cursor.Input, ref output, ref keyBytes, ref valueBytes, ref count, 0);

        // EINTR: entries vanished before generic_map_lookup_batch() three times in a row; what it has is good.
        if (errno is Errno.None or Errno.ENOENT || (errno == Errno.EINTR && count > 0))
            cursor.Advance(in next, errno == Errno.ENOENT);
        else if (errno == Errno.EINTR)
            return 0;
        else
            ThrowBatch(command, errno);
        return (int)count;
    }

    private void ThrowBatch(BpfCommand command, Errno errno)
    {
        if (errno is Errno.ENOTSUPP or Errno.EOPNOTSUPP)
            throw new BpfNotSupportedException($"{command.ToUapiName()} for maps of type {Map.Type}", null, command, errno, MapRefusal.Describe(Map));
        MapRefusal.Throw(Map, command, errno);
    }
}
