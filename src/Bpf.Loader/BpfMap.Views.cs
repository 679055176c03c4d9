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

    /// <summary>Maps the values of an array into memory (<see cref="BpfMapFlags.Mmapable"/>, Linux 5.5).</summary>
    /// <typeparam name="T">The C type of the values, in C#.</typeparam>
    /// <exception cref="ArgumentException">The type has not the map's size.</exception>
    /// <exception cref="InvalidOperationException">The map cannot be mapped.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public MappedArray<T> MapValues<T>()
        where T : unmanaged => new(this);

    /// <summary>Maps the variables of a data section into memory (<see cref="BpfMapFlags.Mmapable"/>, Linux 5.5).</summary>
    /// <exception cref="InvalidOperationException">The map cannot be mapped, or has more than one entry.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public MappedGlobals MapGlobals() => MappedGlobals.Open(this);

    /// <summary>Maps the ring buffer into memory, to read it (<see cref="BpfMapType.RingBuf"/>, Linux 5.8).</summary>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public RingBuffer OpenRingBuffer() => RingBuffer.Open(this);

    /// <summary>Opens a perf ring for each CPU and puts them into the map, to read (<see cref="BpfMapType.PerfEventArray"/>, Linux 4.4).</summary>
    /// <param name="options">How the rings shall be.</param>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</exception>
    public PerfBuffer OpenPerfBuffer(PerfBufferOptions? options = null) => PerfBuffer.Open(this, options ?? new PerfBufferOptions());
}
