using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Maps;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing;

/// <summary>A map in the machine, with its keys and values as C# structs.</summary>
public sealed class BpfMachineMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    internal BpfMachineMap(BpfMachineMap map)
    {
        if (map.KeySize != Unsafe.SizeOf<TKey>()) throw new ArgumentException($"The keys of map '{map.Name}' have {map.KeySize} bytes, and {typeof(TKey)} has {Unsafe.SizeOf<TKey>()}.");
        if (map.ValueSize != Unsafe.SizeOf<TValue>()) throw new ArgumentException($"The values of map '{map.Name}' have {map.ValueSize} bytes, and {typeof(TValue)} has {Unsafe.SizeOf<TValue>()}.");
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMachineMap Map { get; }

    /// <summary>How many elements it has.</summary>
    public int Count => Map.Count;

    /// <summary>A value.</summary>
    /// <exception cref="KeyNotFoundException">There is no element of that key.</exception>
    /// <exception cref="BpfException">The kernel would refuse: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue value) ? value : throw new KeyNotFoundException($"Map '{Map.Name}' has no element {key}.");
        set => Set(key, value);
    }

    /// <summary>Whether there is an element of a key; of a trie, whether a prefix fits.</summary>
    public bool ContainsKey(TKey key) => TryGet(key, out _);

    /// <summary>Adds or replaces an element; of a map with a value a CPU, that of each.</summary>
    /// <exception cref="BpfException">The kernel would refuse: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(TKey key, TValue value, BpfElementFlags flags = BpfElementFlags.Any) => Map.Set(BytesOf(ref key), BytesOf(ref value), flags);

    /// <summary>Adds an element.</summary>
    /// <returns>False when there is one of that key; it stays as it is.</returns>
    /// <exception cref="BpfException">The kernel would refuse: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public bool TryAdd(TKey key, TValue value) => Map.TryAdd(BytesOf(ref key), BytesOf(ref value));

    /// <summary>Replaces an element.</summary>
    /// <returns>False when there is none of that key; nothing is added.</returns>
    /// <exception cref="BpfException">The kernel would refuse.</exception>
    public bool TryReplace(TKey key, TValue value) => Map.TryReplace(BytesOf(ref key), BytesOf(ref value));

    /// <summary>Finds a value; of a map with a value a CPU, that of the machine's current CPU.</summary>
    /// <returns>False when there is no element of that key.</returns>
    public bool TryGet(TKey key, out TValue value)
    {
        value = default;
        return Map.TryGet(BytesOf(ref key), BytesOf(ref value));
    }

    /// <summary>Finds the value of a CPU.</summary>
    /// <returns>False when there is no element of that key.</returns>
    public bool TryGet(TKey key, int cpu, out TValue value)
    {
        value = default;
        return Map.TryRead(BytesOf(ref key), cpu, BytesOf(ref value));
    }

    /// <summary>Removes an element.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(TKey key) => Map.Remove(BytesOf(ref key));

    /// <summary>Removes all elements; those of an array, which cannot go, become zeroes.</summary>
    public void Clear() => Map.Clear();

    /// <summary>The value that belongs to a kernel object: of maps of storage.</summary>
    /// <exception cref="InvalidOperationException">The map is no storage.</exception>
    public ref TValue Of(KernelObject owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (Map is not StorageMap storage) throw new InvalidOperationException($"Map '{Map.Name}' ({Map.Type}) is no storage.");
        return ref Unsafe.As<byte, TValue>(ref MemoryMarshal.GetReference(storage.At(owner.Address)));
    }

    /// <summary>The elements.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (byte[] bytes in Map.Keys.ToArray())
        {
            TKey key = MemoryMarshal.Read<TKey>(bytes);
            if (TryGet(key, out TValue value)) yield return new KeyValuePair<TKey, TValue>(key, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Span<byte> BytesOf<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value));
}
