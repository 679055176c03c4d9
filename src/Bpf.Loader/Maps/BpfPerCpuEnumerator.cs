using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>Walks over the entries of a map with a value for each CPU, in the kernel's own order.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the value of one CPU.</typeparam>
/// <remarks>As <see cref="BpfMapEnumerator{TKey, TValue}"/>; the values are read where the kernel put them.</remarks>
[SupportedOSPlatform("linux")]
public struct BpfPerCpuEnumerator<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly int _cpuCount;
    private MapWalker _walker;

    internal BpfPerCpuEnumerator(BpfMap map, int cpuCount)
    {
        _cpuCount = cpuCount;
        _walker = new MapWalker(map);
    }

    /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.Restarts"/>
    public readonly int Restarts => _walker.Restarts;

    /// <summary>The entry; valid until <see cref="MoveNext"/>.</summary>
    public readonly BpfPerCpuEntry<TKey, TValue> Current => new(_walker.Key, _walker.Value, _cpuCount);

    /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.MoveNext"/>
    public bool MoveNext() => _walker.MoveNext();

    /// <summary>Returns the buffer.</summary>
    public void Dispose() => _walker.Dispose();
}
