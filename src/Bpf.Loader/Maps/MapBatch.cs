using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>Many entries in one system call, for the views. The caller answers for the room behind the values.</summary>
[SupportedOSPlatform("linux")]
internal static class MapBatch
{
    /// <summary>Reads the next entries, and removes them if the command does.</summary>
    public static int Walk<TKey>(BpfMap map, BpfCommand command, ref BpfBatchCursor<TKey> cursor, Span<TKey> keys, ref byte values)
        where TKey : unmanaged
    {
        if (keys.IsEmpty)
            throw new ArgumentException("There is no room for entries.", nameof(keys));
        if (cursor.IsAtEnd)
            return 0;

        Unsafe.SkipInit(out BpfBatchCursor<TKey> next);
        ref byte output = ref Unsafe.As<BpfBatchCursor<TKey>, byte>(ref next);
        ref byte keyBytes = ref Unsafe.As<TKey, byte>(ref MemoryMarshal.GetReference(keys));
        uint count = (uint)keys.Length;
        Errno errno = command == BpfCommand.MapLookupBatch
            ? BpfSyscall.MapLookupBatch(map.Handle, in cursor.Input, ref output, ref keyBytes, ref values, ref count, 0)
            : BpfSyscall.MapLookupAndDeleteBatch(map.Handle, in cursor.Input, ref output, ref keyBytes, ref values, ref count, 0);

        // EINTR: entries vanished before generic_map_lookup_batch() three times in a row; what it has is good.
        if (errno is Errno.None or Errno.ENOENT || (errno == Errno.EINTR && count > 0))
            cursor.Advance(in next, errno == Errno.ENOENT);
        else if (errno == Errno.EINTR)
            return 0;
        else
            Throw(map, command, errno);
        return (int)count;
    }

    /// <summary>Adds or replaces values.</summary>
    public static void Set<TKey>(BpfMap map, ReadOnlySpan<TKey> keys, ref readonly byte values, BpfElementFlags flags)
        where TKey : unmanaged
    {
        if (keys.IsEmpty)
            return;
        uint count = (uint)keys.Length;
        Errno errno = BpfSyscall.MapUpdateBatch(map.Handle, in Bytes(keys), in values, ref count, (ulong)flags);
        if (errno != Errno.None)
            Throw(map, BpfCommand.MapUpdateBatch, errno);
    }

    /// <summary>Removes entries; keys that do not exist are passed over.</summary>
    /// <returns>How many there were.</returns>
    public static int Remove<TKey>(BpfMap map, ReadOnlySpan<TKey> keys)
        where TKey : unmanaged
    {
        int removed = 0;
        while (!keys.IsEmpty)
        {
            uint count = (uint)keys.Length;
            Errno errno = BpfSyscall.MapDeleteBatch(map.Handle, in Bytes(keys), ref count, 0);
            removed += (int)count;
            if (errno == Errno.None)
                break;
            if (errno != Errno.ENOENT)
                Throw(map, BpfCommand.MapDeleteBatch, errno);
            // The kernel stops at a key that does not exist.
            keys = keys[((int)count + 1)..];
        }

        return removed;
    }

    private static ref readonly byte Bytes<TKey>(ReadOnlySpan<TKey> keys)
        where TKey : unmanaged => ref Unsafe.As<TKey, byte>(ref MemoryMarshal.GetReference(keys));

    private static void Throw(BpfMap map, BpfCommand command, Errno errno)
    {
        if (errno is Errno.ENOTSUPP or Errno.EOPNOTSUPP)
            throw new BpfNotSupportedException($"{command.ToUapiName()} for maps of type {map.Type}", null, command, errno, MapRefusal.Describe(map));
        MapRefusal.Throw(map, command, errno);
    }
}
