using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a hash table of sockets to redirect to (<see cref="BpfMapType.SockHash"/>, Linux 4.18).</summary>
/// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class BpfSocketHash<TKey>
    where TKey : unmanaged
{
    internal BpfSocketHash(BpfMap map)
    {
        ViewCheck.Type(map, "a hash table of sockets", BpfMapType.SockHash);
        ViewCheck.KeySize<TKey>(map);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>How many entries there are.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the keys, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => CountKeys();

    /// <summary>Puts a socket in.</summary>
    /// <param name="key">The key.</param>
    /// <param name="socket">The socket, such as <see cref="System.Net.Sockets.Socket.SafeHandle"/>. It leaves the table when it is closed.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EOPNOTSUPP"/> when the socket is not connected or of another kind.</exception>
    public void Set(in TKey key, SafeHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        DescriptorSlot.Set(Map, in Bytes(in key), socket, "The descriptor may not be one of a socket.");
    }

    /// <summary>The cookie of a socket in the table, when the values of the map have 8 bytes (Linux 5.9).</summary>
    /// <param name="key">The key.</param>
    /// <param name="cookie">The cookie, or 0.</param>
    /// <returns><see langword="false"/> when there is none.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.ENOSPC"/> when the values have 4 bytes.</exception>
    public bool TryGetCookie(in TKey key, out ulong cookie)
    {
        cookie = 0;
        Errno errno = BpfSyscall.MapLookup(Map.Handle, in Bytes(in key), ref Unsafe.As<ulong, byte>(ref cookie), 0);
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Takes a socket out.</summary>
    /// <param name="key">The key.</param>
    /// <returns><see langword="false"/> when there was none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(in TKey key) => Map.FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(Map.Handle, in Bytes(in key)));

    /// <summary>Whether there is a socket of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <remarks>Two system calls, which read no socket; a table that changes between them can give a wrong answer.</remarks>
    public bool ContainsKey(in TKey key) => WholeMap.ContainsExactly(Map, MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)));

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// Two system calls for each socket. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => RemoveAll();

    private void RemoveAll()
    {
        Span<TKey> key = stackalloc TKey[1];
        // As often as there is room, so that a program that adds sockets meanwhile cannot keep us for ever.
        for (uint i = 0; i < Map.MaxEntries && Map.TryGetNextKey(default, MemoryMarshal.AsBytes(key)); i++)
            Remove(in key[0]);
    }

    private int CountKeys()
    {
        int count = 0;
        Span<TKey> key = stackalloc TKey[1], next = stackalloc TKey[1];
        for (bool more = Map.TryGetNextKey(default, MemoryMarshal.AsBytes(key)); more && (uint)count < Map.MaxEntries;)
        {
            count++;
            more = Map.TryGetNextKey(MemoryMarshal.AsBytes(key), MemoryMarshal.AsBytes(next));
            key[0] = next[0];
        }

        return count;
    }

    private static ref byte Bytes(ref readonly TKey key) => ref Unsafe.As<TKey, byte>(ref Unsafe.AsRef(in key));
}
