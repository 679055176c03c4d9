using System;
using Bpf.Loader.Buffers;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>A typed view of a map with keys and one value for each.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
    /// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
    /// <exception cref="ArgumentException">A type has not the map's size, or its fields lie elsewhere than those of the C type.</exception>
    /// <exception cref="InvalidOperationException">The kind of map has no keys, or a value for each CPU.</exception>
    public BpfMap<TKey, TValue> As<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>A typed view of a map with a value for each possible CPU.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
    /// <typeparam name="TValue">The C type of the value of one CPU, in C#.</typeparam>
    /// <exception cref="ArgumentException">A type has not the map's size, or its fields lie elsewhere than those of the C type.</exception>
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

    /// <summary>Maps the arena into memory (<see cref="BpfMapType.Arena"/>, Linux 6.9).</summary>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused, or the arena's address is not free in this process.</exception>
    public MappedArena MapArena() => MappedArena.Open(this);

    /// <summary>Maps the ring buffer into memory, to read it (<see cref="BpfMapType.RingBuf"/>, Linux 5.8).</summary>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public RingBuffer OpenRingBuffer() => Judged(RingBuffer.Open(this));

    /// <summary>A typed view of a ring buffer.</summary>
    /// <typeparam name="T">The C structure of the records, in C#.</typeparam>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    public RingBufferMap<T> AsRingBuffer<T>()
        where T : unmanaged
    {
        if (Type != BpfMapType.RingBuf) throw new InvalidOperationException($"The map '{Name}' is of type {Type}, which is no ring buffer.");
        RequireRecords<T>();
        return new(this);
    }

    /// <summary>A typed view of a map of perf rings.</summary>
    /// <typeparam name="T">The C structure of the records, in C#.</typeparam>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    public PerfBufferMap<T> AsPerfBuffer<T>()
        where T : unmanaged
    {
        if (Type != BpfMapType.PerfEventArray) throw new InvalidOperationException($"The map '{Name}' is of type {Type}, which holds no perf rings.");
        RequireRecords<T>();
        return new(this);
    }

    /// <summary>Opens a perf ring for each CPU and puts them into the map, to read (<see cref="BpfMapType.PerfEventArray"/>, Linux 4.4).</summary>
    /// <param name="options">How the rings shall be.</param>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</exception>
    public PerfBuffer OpenPerfBuffer(PerfBufferOptions? options = null) => Judged(PerfBuffer.Open(this, options ?? new PerfBufferOptions()));

    /// <summary>Opens a perf ring for each CPU that keeps the newest records and overwrites the oldest (<see cref="BpfMapType.PerfEventArray"/>, Linux 4.7).</summary>
    /// <param name="options">How the rings shall be; nobody is woken.</param>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</exception>
    public PerfRecorder OpenPerfRecorder(PerfBufferOptions? options = null) => Judged(PerfRecorder.Open(this, options ?? new PerfBufferOptions()));

    /// <summary>Maps the ring buffer into memory, to write it (<see cref="BpfMapType.UserRingBuf"/>, Linux 6.1).</summary>
    /// <exception cref="InvalidOperationException">The map is of another type.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public UserRingBuffer OpenUserRingBuffer() => UserRingBuffer.Open(this);

    /// <summary>A typed view of a queue or a stack.</summary>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfQueue<T> AsQueue<T>()
        where T : unmanaged => new(this);

    /// <summary>A typed view of a bloom filter.</summary>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfBloomFilter<T> AsBloomFilter<T>()
        where T : unmanaged => new(this);

    /// <summary>A typed view of a longest-prefix-match trie.</summary>
    /// <typeparam name="TAddress">The C type of the address, in C#, first byte first: 4 bytes for IPv4, 16 for IPv6.</typeparam>
    /// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfLpmTrie<TAddress, TValue> AsLpmTrie<TAddress, TValue>()
        where TAddress : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>A view of an array of programs to jump to.</summary>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfProgramArray AsProgramArray() => new(this);

    /// <summary>A typed view of an array or hash table of maps.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#; <see cref="uint"/> for an array.</typeparam>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfMapOfMaps<TKey> AsMapOfMaps<TKey>()
        where TKey : unmanaged => new(this);

    /// <summary>A view of an array of perf events, cgroups or sockets.</summary>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfDescriptorArray AsDescriptorArray() => new(this);

    /// <summary>A typed view of a hash table of sockets.</summary>
    /// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfSocketHash<TKey> AsSocketHash<TKey>()
        where TKey : unmanaged => new(this);

    /// <summary>A typed view of the storage of sockets, inodes, tasks or cgroups.</summary>
    /// <typeparam name="T">The C type of the values, in C#.</typeparam>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfStorageMap<T> AsStorage<T>()
        where T : unmanaged => new(this);

    /// <summary>A view of collected stack traces.</summary>
    /// <inheritdoc cref="As{TKey, TValue}" path="/exception"/>
    public BpfStackTraces AsStackTraces() => new(this);
}
