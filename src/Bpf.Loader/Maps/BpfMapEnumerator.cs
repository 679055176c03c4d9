using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>Walks over the entries of a map, in the kernel's own order.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// It reads batches where the kernel has them (5.6 for hash tables and arrays) and single keys elsewhere. The map may change
/// meanwhile, also by the loop itself: entries that stay are given out; of those that come and go, some. <see cref="Restarts"/>
/// says whether entries were given out twice. A mutable structure: use it in one <see langword="foreach"/>.
/// </remarks>
[SupportedOSPlatform("linux")]
public struct BpfMapEnumerator<TKey, TValue> : IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private MapWalker _walker;

    internal BpfMapEnumerator(BpfMap map, bool byKey) => _walker = new MapWalker(map, byKey);

    /// <summary>How often the walk had to start again because the keys at its place were removed; then entries come twice.</summary>
    public readonly int Restarts => _walker.Restarts;

    /// <summary>The entry.</summary>
    public readonly KeyValuePair<TKey, TValue> Current => new(
        Unsafe.ReadUnaligned<TKey>(in MemoryMarshal.GetReference(_walker.Key)),
        Unsafe.ReadUnaligned<TValue>(in MemoryMarshal.GetReference(_walker.Value)));

    /// <inheritdoc/>
    readonly object IEnumerator.Current => Current;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="InvalidOperationException">The map changes so fast that walks over its keys never end.</exception>
    public bool MoveNext() => _walker.MoveNext();

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    readonly void IEnumerator.Reset() => throw new NotSupportedException();

    /// <summary>Returns the buffer.</summary>
    public void Dispose() => _walker.Dispose();
}
