using System.Collections;
using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>A map in a test, in the machine or the kernel.</summary>
/// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
/// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
public abstract class BpfTestMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private protected BpfTestMap()
    {
    }

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue value) ? value : throw new KeyNotFoundException($"The map has no element {key}.");
        set => Set(key, value);
    }

    /// <summary>How many elements there are; of an array, all that it has room for. In the kernel, a walk over all of them.</summary>
    public abstract int Count { get; }

    /// <summary>Finds an element.</summary>
    /// <returns>False when it is not there.</returns>
    public abstract bool TryGet(TKey key, out TValue value);

    /// <summary>Whether there is an element of a key.</summary>
    public bool ContainsKey(TKey key) => TryGet(key, out _);

    /// <summary>Adds or replaces an element.</summary>
    /// <exception cref="BpfException">The kernel refused, or would refuse: the map is full, or the key out of range.</exception>
    public abstract void Set(TKey key, TValue value);

    /// <summary>Adds an element.</summary>
    /// <returns>False when there is one of that key; it stays as it is.</returns>
    /// <exception cref="BpfException">The kernel refused, or would refuse: the map is full.</exception>
    public abstract bool TryAdd(TKey key, TValue value);

    /// <summary>Replaces an element.</summary>
    /// <returns>False when there is none of that key; nothing is added.</returns>
    /// <exception cref="BpfException">The kernel refused, or would refuse.</exception>
    public abstract bool TryReplace(TKey key, TValue value);

    /// <summary>Removes an element.</summary>
    /// <returns>False when it was not there.</returns>
    public abstract bool Remove(TKey key);

    /// <summary>Removes all elements; those of an array, which cannot go, become zeroes.</summary>
    public abstract void Clear();

    /// <summary>The elements, in the order of the map.</summary>
    public abstract IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
