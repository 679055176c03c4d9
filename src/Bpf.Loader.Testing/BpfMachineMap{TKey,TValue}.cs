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
    /// <exception cref="InvalidOperationException">The map takes no such element.</exception>
    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue value) ? value : throw new KeyNotFoundException($"Map '{Map.Name}' has no element {key}.");
        set => Set(key, value);
    }

    /// <summary>Adds or replaces an element.</summary>
    /// <exception cref="InvalidOperationException">The map takes no such element: it is full, or the key is outside of it.</exception>
    public void Set(TKey key, TValue value)
    {
        Errno error = Update(key, value);
        if (error != Errno.None) throw new InvalidOperationException($"Map '{Map.Name}' ({Map.Type}, {Map.MaxEntries} entries) takes no element {key}: {error}.");
    }

    /// <summary>Adds or replaces an element, and says what the kernel would have refused it with.</summary>
    public Errno Update(TKey key, TValue value, BpfElementFlags flags = BpfElementFlags.Any) => Map.Update(BytesOf(ref key), BytesOf(ref value), flags);

    /// <summary>Finds a value; of a map with a value a CPU, that of the machine's current CPU.</summary>
    /// <returns>False when there is no element of that key.</returns>
    public bool TryGet(TKey key, out TValue value)
    {
        value = default;
        return Map.TryGet(BytesOf(ref key), BytesOf(ref value));
    }

    /// <summary>The value of a CPU.</summary>
    /// <exception cref="KeyNotFoundException">There is no element of that key.</exception>
    public TValue Get(TKey key, int cpu)
    {
        TValue value = default;
        return Map.TryRead(BytesOf(ref key), cpu, BytesOf(ref value)) ? value : throw new KeyNotFoundException($"Map '{Map.Name}' has no element {key}.");
    }

    /// <summary>Removes an element.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Delete(TKey key) => Map.Delete(BytesOf(ref key));

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
