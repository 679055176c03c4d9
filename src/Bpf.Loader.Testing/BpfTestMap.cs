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

    /// <summary>Finds an element.</summary>
    /// <returns>False when it is not there.</returns>
    public abstract bool TryGet(TKey key, out TValue value);

    /// <summary>Adds or changes an element.</summary>
    /// <exception cref="BpfException">The kernel refused, or would refuse: the map is full, or the key out of range.</exception>
    public abstract void Set(TKey key, TValue value);

    /// <summary>Removes an element.</summary>
    /// <returns>False when it was not there.</returns>
    public abstract bool Remove(TKey key);

    /// <summary>The elements, in the order of the map.</summary>
    public abstract IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
