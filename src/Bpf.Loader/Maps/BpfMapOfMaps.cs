using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of an array or hash table of maps (Linux 4.12).</summary>
/// <typeparam name="TKey">The C type of the keys, in C#; <see cref="uint"/> for an array.</typeparam>
/// <remarks>The outer map holds the inner ones. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfMapOfMaps<TKey>
    where TKey : unmanaged
{
    internal BpfMapOfMaps(BpfMap map)
    {
        ViewCheck.Type(map, "a map of maps", BpfMapType.ArrayOfMaps, BpfMapType.HashOfMaps);
        ViewCheck.KeySize<TKey>(map);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>How many entries there are.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the keys, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    /// <summary>Puts a map in, in the place of the one that is there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">The map, of the same type, sizes and flags as the one that the outer map was created with.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EINVAL"/> when the map is not like that one.</exception>
    public void Set(in TKey key, BpfMap inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        DescriptorSlot.Set(
            Map,
            in Bytes(in key),
            inner.Handle,
            $"Map '{inner.Name}' ({inner.Type}, {inner.KeySize} + {inner.ValueSize} bytes, {inner.MaxEntries} entries, {inner.Flags}) is not like the inner map that the outer one was created with.");
    }

    /// <summary>The number of a map in the outer map.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The number, or 0.</param>
    /// <returns><see langword="false"/> when there is none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGetId(in TKey key, out uint id)
    {
        id = 0;
        Errno errno = BpfSyscall.MapLookup(Map.Handle, in Bytes(in key), ref Unsafe.As<uint, byte>(ref id), 0);
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Opens a map in the outer map. Needs CAP_SYS_ADMIN, because it is opened by its number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">The map, to be disposed by the caller.</param>
    /// <returns><see langword="false"/> when there is none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TKey key, [NotNullWhen(true)] out BpfMap? inner)
    {
        inner = null;
        while (TryGetId(in key, out uint id))
        {
            FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.MapGetFdById, id, 0, out Errno errno);
            if (handle is not null)
            {
                inner = BpfMap.FromHandle(handle);
                return true;
            }

            // Replaced between the two calls, and gone: look again.
            if (errno != Errno.ENOENT)
                throw Refusal.Of(BpfCommand.MapGetFdById, errno, $"map {id} in {MapRefusal.Describe(Map)}");
        }

        return false;
    }

    /// <summary>Takes a map out.</summary>
    /// <param name="key">The key.</param>
    /// <returns><see langword="false"/> when there was none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(in TKey key) => Map.FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(Map.Handle, in Bytes(in key)));

    /// <summary>Whether there is a map of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(in TKey key) => TryGetId(in key, out _);

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// At least a system call for each map; of an array, for each place. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    private static ref byte Bytes(ref readonly TKey key) => ref Unsafe.As<TKey, byte>(ref Unsafe.AsRef(in key));
}
