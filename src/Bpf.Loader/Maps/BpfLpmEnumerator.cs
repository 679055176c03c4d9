using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>Walks over the prefixes of a trie.</summary>
/// <typeparam name="TAddress">The type of the address.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>As <see cref="BpfMapEnumerator{TKey, TValue}"/>. A mutable structure: use it in one <see langword="foreach"/>.</remarks>
[SupportedOSPlatform("linux")]
public struct BpfLpmEnumerator<TAddress, TValue> : IDisposable
    where TAddress : unmanaged
    where TValue : unmanaged
{
    private BpfMapEnumerator<LpmKey<TAddress>, TValue> _entries;

    internal BpfLpmEnumerator(BpfMapEnumerator<LpmKey<TAddress>, TValue> entries) => _entries = entries;

    /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.Restarts"/>
    public readonly int Restarts => _entries.Restarts;

    /// <summary>The prefix and its value.</summary>
    public readonly (int PrefixLength, TAddress Address, TValue Value) Current
    {
        get
        {
            (LpmKey<TAddress> key, TValue value) = _entries.Current;
            return ((int)key.PrefixLength, key.Address, value);
        }
    }

    /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.MoveNext"/>
    public bool MoveNext() => _entries.MoveNext();

    /// <summary>Returns the buffer.</summary>
    public void Dispose() => _entries.Dispose();
}
