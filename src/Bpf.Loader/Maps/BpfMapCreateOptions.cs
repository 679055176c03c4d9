using Bpf.Loader.Btf;

namespace Bpf.Loader.Maps;

/// <summary>What a new map shall be; see <see cref="BpfMap.Create"/>.</summary>
public sealed record BpfMapCreateOptions
{
    /// <summary>The kind of map.</summary>
    public required BpfMapType Type { get; init; }

    /// <summary>The name; the kernel keeps 15 bytes and takes letters, digits, <c>_</c> and <c>.</c> only.</summary>
    public string Name { get; init; } = "";

    /// <summary>The bytes of a key; 0 for queues, stacks, bloom filters, ring buffers and arenas, and where the type leaves no choice.</summary>
    public int KeySize { get; init; }

    /// <summary>
    /// The bytes of a value, of one CPU where there is one for each; 0 for ring buffers and arenas, and where the type holds descriptors or
    /// the numbers of devices.
    /// </summary>
    public int ValueSize { get; init; }

    /// <summary>
    /// How many entries fit. For a ring buffer, its bytes: a power of two of whole pages. Of a perf event array, 0 is one for each
    /// possible CPU.
    /// </summary>
    public uint MaxEntries { get; init; }

    /// <summary>Flags.</summary>
    public BpfMapFlags Flags { get; init; }

    /// <summary>What <c>map_extra</c> says (5.16), such as the number of hash functions of a bloom filter.</summary>
    public ulong MapExtra { get; init; }

    /// <summary>The NUMA node of its memory, or <see langword="null"/> for any; sets <see cref="BpfMapFlags.NumaNode"/>.</summary>
    public uint? NumaNode { get; init; }

    /// <summary>What the maps inside an array or hash table of maps are like.</summary>
    public BpfMap? InnerMap { get; init; }

    /// <summary>
    /// The BTF that describes keys and values, by which tools print them. The storage of sockets, inodes, tasks and cgroups cannot do
    /// without; when there is none here, it gets one that calls the value plain bytes.
    /// </summary>
    public BtfReader? Btf { get; init; }

    /// <summary>The type of the keys in <see cref="Btf"/>.</summary>
    public BtfTypeId KeyType { get; init; }

    /// <summary>The type of the values in <see cref="Btf"/>.</summary>
    public BtfTypeId ValueType { get; init; }
}
