using System;
using Bpf.Loader.Buffers;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>A typed view of a map with keys and one value for each.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
    /// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
    /// <exception cref="ArgumentException">A type has not the map's size.</exception>
    /// <exception cref="InvalidOperationException">The kind of map has no keys, or a value for each CPU.</exception>
    public BpfMap<TKey, TValue> As<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>A typed view of a map with a value for each possible CPU.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
    /// <typeparam name="TValue">The C type of the value of one CPU, in C#.</typeparam>
    /// <exception cref="ArgumentException">A type has not the map's size.</exception>
    /// <exception cref="InvalidOperationException">The map has not a value for each CPU.</exception>
    public BpfPerCpuMap<TKey, TValue> AsPerCpu<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>Maps the ring buffer into memory, to read it (<see cref="BpfMapType.RingBuf"/>, Linux 5.8).</summary>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public RingBuffer OpenRingBuffer() => RingBuffer.Open(this);
}
