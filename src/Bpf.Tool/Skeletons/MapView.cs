using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Tool.Events;

namespace Bpf.Tool.Skeletons;

/// <summary>The typed view of a map.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Call">What is called on the map for it; empty for the map itself.</param>
/// <param name="Summary">What it is, as XML.</param>
internal sealed record MapView(string Type, string Call, string Summary)
{
    /// <summary>Finds the view of a map, and names the types that it needs.</summary>
    public static MapView Of(BpfObjectFile file, BpfMapDefinition map, TypeTable types)
    {
        string hint = CSharpNames.Pascal(map.Name);
        string summary = $"The map <c>{CSharpNames.Xml(map.Name)}</c> (<see cref=\"global::Bpf.Loader.BpfMapType.{map.Type}\"/>)";
        string plain = summary + ".";
        // Value types that large are refused by runtimes: such keys and values stay bytes.
        if (map.KeySize > TypeTable.MaximumArray || map.ValueSize > TypeTable.MaximumArray) return Plain();
        switch (map.Type)
        {
            case BpfMapType.Hash or BpfMapType.Array or BpfMapType.LruHash or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap
                or BpfMapType.CgroupStorage or BpfMapType.RHash when map.KeySize > 0 && map.ValueSize > 0:
                string pair = $"<{Key()}, {Value()}>";
                return new MapView($"global::Bpf.Loader.Maps.BpfMap{pair}", $".As{pair}()", plain);
            case BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage when map.KeySize > 0 && map.ValueSize > 0:
                string perCpu = $"<{Key()}, {Value()}>";
                return new MapView($"global::Bpf.Loader.Maps.BpfPerCpuMap{perCpu}", $".AsPerCpu{perCpu}()", plain);
            case BpfMapType.LpmTrie when map.KeySize > sizeof(uint) && map.ValueSize > 0:
                string trie = $"<{Address()}, {Value()}>";
                return new MapView($"global::Bpf.Loader.Maps.BpfLpmTrie{trie}", $".AsLpmTrie{trie}()", plain);
            case BpfMapType.Queue or BpfMapType.Stack when map.ValueSize > 0:
                return new MapView($"global::Bpf.Loader.Maps.BpfQueue<{Value()}>", $".AsQueue<{Value()}>()", plain);
            case BpfMapType.BloomFilter when map.ValueSize > 0:
                return new MapView($"global::Bpf.Loader.Maps.BpfBloomFilter<{Value()}>", $".AsBloomFilter<{Value()}>()", plain);
            case BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage when map.ValueSize > 0:
                return new MapView($"global::Bpf.Loader.Maps.BpfStorageMap<{Value()}>", $".AsStorage<{Value()}>()", plain);
            case BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps when map.KeySize > 0:
                return new MapView($"global::Bpf.Loader.Maps.BpfMapOfMaps<{Key()}>", $".AsMapOfMaps<{Key()}>()", plain);
            case BpfMapType.SockHash when map.KeySize > 0:
                return new MapView($"global::Bpf.Loader.Maps.BpfSocketHash<{Key()}>", $".AsSocketHash<{Key()}>()", plain);
            case BpfMapType.ProgArray:
                return new MapView("global::Bpf.Loader.Maps.BpfProgramArray", ".AsProgramArray()", plain);
            case BpfMapType.CgroupArray:
                return new MapView("global::Bpf.Loader.Maps.BpfDescriptorArray", ".AsDescriptorArray()", plain);
            case BpfMapType.StackTrace:
                return new MapView("global::Bpf.Loader.Maps.BpfStackTraces", ".AsStackTraces()", plain);
            case BpfMapType.RingBuf or BpfMapType.PerfEventArray:
                return OfBuffer(file, map, types, summary) ?? Plain();
            default:
                return Plain();
        }

        MapView Plain() => new("global::Bpf.Loader.BpfMap", "", plain);

        string Key() => Type(map.BtfKeyTypeId, map.KeySize, hint + "Key");

        string Value() => Type(map.BtfValueTypeId, map.ValueSize, hint + "Value");

        string Type(BtfTypeId id, uint size, string name) => types.MapSized(id, size, name).Name;

        // What follows the length of the prefix; it must be one member to have a type of its own.
        string Address()
        {
            BtfType? key = map.BtfKeyTypeId.IsVoid || file.Btf is null ? null : file.Btf.StripModifiers(map.BtfKeyTypeId);
            BtfTypeId member = key is { Kind: BtfKind.Struct } type && type.Members.Count == 2 && type.Members[1] is { BitOffset: 32, BitFieldSize: 0 } only ? only.TypeId : default;
            return Type(member, map.KeySize - sizeof(uint), hint + "Address");
        }
    }

    private static MapView? OfBuffer(BpfObjectFile file, BpfMapDefinition map, TypeTable types, string summary)
    {
        EventType? type = EventTypes.Find(file, map.Name);
        if (type?.Name is null || types.Map(type.Id, CSharpNames.Pascal(map.Name) + "Event") is not CSharpType known) return null;
        string name = map.Type == BpfMapType.RingBuf ? "RingBuffer" : "PerfBuffer";
        return new MapView($"global::Bpf.Loader.Buffers.{name}Map<{known.Name}>", $".As{name}<{known.Name}>()", $"{summary}, whose records are <see cref=\"{known.Name}\"/>.");
    }
}
