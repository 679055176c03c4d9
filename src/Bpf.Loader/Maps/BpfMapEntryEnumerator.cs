using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>Walks over the entries of a map whose types are not known to the program, in the kernel's own order.</summary>
/// <remarks>
/// As <see cref="BpfMapEnumerator{TKey, TValue}"/>: batches where the kernel has them, single keys elsewhere, and a map may change
/// meanwhile. A mutable structure: use it in one <see langword="foreach"/>.
/// </remarks>
[SupportedOSPlatform("linux")]
public struct BpfMapEntryEnumerator : IDisposable
{
    private MapWalker _walker;

    internal BpfMapEntryEnumerator(BpfMap map) => _walker = new MapWalker(map);

    /// <summary>How often the walk had to start again because the keys at its place were removed; then entries come twice.</summary>
    public readonly int Restarts => _walker.Restarts;

    /// <summary>The entry, until the next step.</summary>
    public readonly BpfMapEntry Current => new(_walker.Key, _walker.Value);

    /// <summary>Itself, for <see langword="foreach"/>.</summary>
    public readonly BpfMapEntryEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="InvalidOperationException">The map changes so fast that walks over its keys never end.</exception>
    public bool MoveNext() => _walker.MoveNext();

    /// <summary>Returns the buffer.</summary>
    public void Dispose() => _walker.Dispose();
}
