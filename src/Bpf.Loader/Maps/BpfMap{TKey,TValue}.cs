using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a map with keys and one value for each: hash tables, arrays and their like.</summary>
/// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
/// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
/// <remarks>
/// Sizes are checked once, when the view is made. No operation allocates. Safe to use from several threads. The view lives as long
/// as the map that it was made of.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class BpfMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly FileDescriptorHandle _handle;

    internal BpfMap(BpfMap map)
    {
        ViewCheck.KeySize<TKey>(map);
        ViewCheck.ValueSize<TValue>(map, map.ValueBufferSize);
        Map = map;
        _handle = map.Handle;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>How many entries there are; of an array, all that it has room for.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the others, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    /// <summary>Reads a value that has to be there; sets one.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public TValue this[in TKey key]
    {
        get => TryGet(in key, out TValue value) ? value : throw new KeyNotFoundException($"{MapRefusal.Describe(Map)} has no key {key}.");
        set => Set(in key, in value);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <param name="flags"><see cref="BpfElementFlags.Lock"/> to read under the value's spin lock.</param>
    /// <returns><see langword="false"/> when there is no such key.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TKey key, out TValue value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        Unsafe.SkipInit(out value);
        Errno errno = BpfSyscall.MapLookup(_handle, in Bytes(in key), ref Bytes(ref value), (ulong)flags);
        if (errno == Errno.None)
            return true;
        value = default;
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Adds or replaces a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags"><see cref="BpfElementFlags.Lock"/> to write under the value's spin lock.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(in TKey key, in TValue value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        Errno errno = BpfSyscall.MapUpdate(_handle, in Bytes(in key), in Bytes(in value), (ulong)flags);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Whether there is a key; its value is read for it.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(in TKey key) => TryGet(in key, out _);

    /// <summary>Adds a value.</summary>
    /// <returns><see langword="false"/> when the key exists; it stays as it is.</returns>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public bool TryAdd(in TKey key, in TValue value) => TryUpdate(in key, in value, BpfElementFlags.NoExist);

    /// <summary>Replaces a value.</summary>
    /// <returns><see langword="false"/> when there is no such key; nothing is added.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryReplace(in TKey key, in TValue value) => TryUpdate(in key, in value, BpfElementFlags.Exist);

    /// <summary>Removes an entry.</summary>
    /// <returns><see langword="false"/> when there was no such key.</returns>
    /// <exception cref="BpfException">The kernel refused; an array's entries cannot be removed.</exception>
    public bool Remove(in TKey key) => Map.FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(_handle, in Bytes(in key)));

    /// <summary>Reads a value and removes its entry in one step (hash tables, Linux 5.14).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when there was no such key.</returns>
    /// <exception cref="BpfException">The kernel refused, or has no such operation for this kind of map.</exception>
    public bool TryTake(in TKey key, out TValue value)
    {
        Unsafe.SkipInit(out value);
        Errno errno = BpfSyscall.MapLookupAndDelete(_handle, in Bytes(in key), ref Bytes(ref value), 0);
        if (errno == Errno.None)
            return true;
        value = default;
        return Map.FoundOrThrow(BpfCommand.MapLookupAndDeleteElement, errno);
    }

    /// <summary>Removes all entries; those of an array, which cannot go, become zeroes.</summary>
    /// <remarks>
    /// A hash table gives up to 512 entries in one system call (Linux 5.6); other maps need two system calls for each entry, arrays one for some thousand values. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    /// <summary>Walks over the entries; see <see cref="BpfMapEnumerator{TKey, TValue}"/> for what happens when they change.</summary>
    public BpfMapEnumerator<TKey, TValue> GetEnumerator() => new(Map, byKey: false);

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks key by key, as kernels without batches need it.</summary>
    internal BpfMapEnumerator<TKey, TValue> GetKeyEnumerator() => new(Map, byKey: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Bytes<T>(ref readonly T value)
        where T : unmanaged => ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value));

    private bool TryUpdate(in TKey key, in TValue value, BpfElementFlags flags)
    {
        Errno errno = BpfSyscall.MapUpdate(_handle, in Bytes(in key), in Bytes(in value), (ulong)flags);
        if (errno == Errno.None)
            return true;
        if (!BpfMap.IsExpected(errno, flags))
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
        return false;
    }
}
