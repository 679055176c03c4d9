using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Maps;

/// <summary>What the kernel says of a map: <c>struct bpf_map_info</c> (Linux 4.13).</summary>
public readonly record struct BpfMapInfo
{
    internal BpfMapInfo(in MapInfo info)
    {
        Id = info.Id;
        Name = info.Name.ToString();
        Type = info.Type;
        KeySize = checked((int)info.KeySize);
        ValueSize = checked((int)info.ValueSize);
        MaxEntries = info.MaxEntries;
        Flags = info.MapFlags;
        MapExtra = info.MapExtra;
        InterfaceIndex = info.IfIndex;
        BtfId = info.BtfId;
        BtfKeyTypeId = info.BtfKeyTypeId;
        BtfValueTypeId = info.BtfValueTypeId;
        BtfVmlinuxValueTypeId = info.BtfVmlinuxValueTypeId;
        BtfVmlinuxId = info.BtfVmlinuxId;
    }

    /// <summary>The number by which the kernel knows the map, from its creation to its end.</summary>
    public uint Id { get; init; }

    /// <summary>The name in the kernel, of at most 15 bytes.</summary>
    public string Name { get; init; }

    /// <summary>The kind of map.</summary>
    public BpfMapType Type { get; init; }

    /// <summary>The bytes of a key; 0 when the kind has no keys.</summary>
    public int KeySize { get; init; }

    /// <summary>The bytes of a value, of one CPU where it has one for each.</summary>
    public int ValueSize { get; init; }

    /// <summary>How many entries fit; for ring buffers and arenas, bytes and pages.</summary>
    public uint MaxEntries { get; init; }

    /// <summary>The flags of its creation, as the kernel reports them.</summary>
    public BpfMapFlags Flags { get; init; }

    /// <summary>What <c>map_extra</c> says, such as the number of hash functions of a bloom filter (5.16).</summary>
    public ulong MapExtra { get; init; }

    /// <summary>The network device that holds the map, or 0.</summary>
    public uint InterfaceIndex { get; init; }

    /// <summary>The BTF that describes keys and values, or 0.</summary>
    public uint BtfId { get; init; }

    /// <summary>The type of the keys in that BTF, or 0.</summary>
    public uint BtfKeyTypeId { get; init; }

    /// <summary>The type of the values in that BTF, or 0.</summary>
    public uint BtfValueTypeId { get; init; }

    /// <summary>The type of a struct_ops map's value in the BTF of the kernel or of a module, or 0.</summary>
    public uint BtfVmlinuxValueTypeId { get; init; }

    /// <summary>That BTF of a struct_ops map (6.9), or 0.</summary>
    public uint BtfVmlinuxId { get; init; }
}
