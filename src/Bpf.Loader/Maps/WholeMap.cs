using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A map as a whole: how many entries there are, whether one is there, and how they all go.</summary>
/// <remarks>The kernel has no command for any of it; programs go on changing the map in between.</remarks>
[SupportedOSPlatform("linux")]
internal static class WholeMap
{
    private const int ChunkBytes = 65536;

    /// <summary>Counts the entries: of an array its size, of anything else by a walk.</summary>
    public static int Count(BpfMap map)
    {
        if (HasAllEntries(map.Type))
            return (int)Math.Min(map.MaxEntries, int.MaxValue);
        int count = 0;
        using var walker = new MapWalker(map);
        while (walker.MoveNext())
            count++;
        return count;
    }

    /// <summary>Whether there is exactly this key, for maps whose look-up does not tell.</summary>
    /// <remarks>
    /// Behind a key that is not there the kernel gives the first of all (<c>trie_get_next_key()</c>, <c>sock_hash_get_next_key()</c>), which
    /// stands behind no other.
    /// </remarks>
    public static bool ContainsExactly(BpfMap map, ReadOnlySpan<byte> key)
    {
        Span<byte> next = stackalloc byte[map.KeySize], first = stackalloc byte[map.KeySize];
        bool hasNext = map.TryGetNextKey(key, next);
        bool hasFirst = map.TryGetNextKey(default, first);
        return hasFirst && (!hasNext || !next.SequenceEqual(first));
    }

    /// <summary>Removes all entries; those of an array become zeroes.</summary>
    public static void Clear(BpfMap map)
    {
        if (map.Type.HasNoKeys())
            Drain(map);
        else if (HasAllEntries(map.Type))
            Zero(map);
        else if (map.Type.HasIndexKeys())
            RemoveIndices(map);
        else if (!TryTakeAll(map))
            RemoveAll(map);
    }

    /// <summary>Removes what is at an index.</summary>
    /// <returns><see langword="false"/> when it was empty.</returns>
    public static bool RemoveIndex(BpfMap map, uint index)
    {
        Errno errno = BpfSyscall.MapDelete(map.Handle, in MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in index))[0]);
        // __sock_map_delete() says EINVAL of an empty place.
        return !(errno == Errno.EINVAL && map.Type == BpfMapType.SockMap && index < map.MaxEntries) && map.FoundOrThrow(BpfCommand.MapDeleteElement, errno);
    }

    private static bool HasAllEntries(BpfMapType type) => type is BpfMapType.Array or BpfMapType.PerCpuArray;

    // As often as there is room, so that a program that pushes meanwhile cannot keep us for ever.
    private static void Drain(BpfMap map)
    {
        byte[] value = new byte[map.ValueBufferSize];
        for (uint i = 0; i < map.MaxEntries && map.TryTake(default, value); i++)
        {
        }
    }

    private static void RemoveIndices(BpfMap map)
    {
        for (uint i = 0; i < map.MaxEntries; i++)
            RemoveIndex(map, i);
    }

    private static void Zero(BpfMap map)
    {
        int capacity = (int)Math.Min(Math.Max(1, ChunkBytes / (sizeof(uint) + map.ValueBufferSize)), map.MaxEntries);
        uint[] keys = new uint[capacity];
        byte[] values = new byte[capacity * map.ValueBufferSize];
        bool byBatch = true;
        for (uint start = 0; start < map.MaxEntries;)
        {
            int length = (int)Math.Min((uint)capacity, map.MaxEntries - start);
            for (int i = 0; i < length; i++)
                keys[i] = start + (uint)i;
            if (byBatch)
            {
                uint count = (uint)length;
                Errno errno = BpfSyscall.MapUpdateBatch(map.Handle, in MemoryMarshal.AsBytes(keys.AsSpan())[0], in values[0], ref count, 0);
                byBatch = errno == Errno.None;
                // Linux 5.6 has it for arrays, 5.13 for those of CPUs.
                if (!byBatch && errno is not (Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP))
                    MapRefusal.Throw(map, BpfCommand.MapUpdateBatch, errno);
            }

            for (int i = 0; !byBatch && i < length; i++)
                map.Set(MemoryMarshal.AsBytes(keys.AsSpan(i, 1)), values.AsSpan(0, map.ValueBufferSize));
            start += (uint)length;
        }
    }

    // A hash table gives its entries and removes them, many in one system call (Linux 5.6).
    private static bool TryTakeAll(BpfMap map)
    {
        int capacity = Math.Clamp(ChunkBytes / (map.KeySize + map.ValueBufferSize), 1, 512);
        int tokenSize = Math.Max(map.KeySize, sizeof(uint));
        byte[] tokens = new byte[2 * tokenSize], buffer = ArrayPool<byte>.Shared.Rent(capacity * (map.KeySize + map.ValueBufferSize));
        try
        {
            bool first = true;
            for (int retries = 0; ;)
            {
                uint count = (uint)capacity;
                Errno errno = BpfSyscall.MapLookupAndDeleteBatch(
                    map.Handle,
                    in MemoryMarshal.GetReference(first ? default : tokens.AsSpan()),
                    ref tokens[tokenSize],
                    ref buffer[0],
                    ref buffer[capacity * map.KeySize],
                    ref count,
                    0);
                switch (errno)
                {
                    case Errno.ENOENT:
                        return true;
                    case Errno.None:
                        tokens.AsSpan(tokenSize).CopyTo(tokens);
                        first = false;
                        break;
                    // A bucket holds more entries than fit; none of them was removed.
                    case Errno.ENOSPC when capacity < map.MaxEntries:
                        capacity = (int)Math.Min(capacity * 2L, map.MaxEntries);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = ArrayPool<byte>.Shared.Rent(checked(capacity * (map.KeySize + map.ValueBufferSize)));
                        break;
                    case Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP when first:
                        return false;
                    case Errno.EINTR or Errno.EAGAIN when retries++ < MapWalker.RestartLimit:
                        break;
                    default:
                        MapRefusal.Throw(map, BpfCommand.MapLookupAndDeleteBatch, errno);
                        break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void RemoveAll(BpfMap map)
    {
        using var walker = new MapWalker(map, byKey: true);
        while (walker.MoveNext())
            map.Remove(walker.Key);
    }
}
