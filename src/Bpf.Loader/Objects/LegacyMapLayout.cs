using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>
/// Where the fields of a map definition of the old form are. Every loader had its own struct: all begin with type, sizes, entries
/// and flags, and go on as they like. The BTF tells when there is some; else the size does.
/// </summary>
internal sealed class LegacyMapLayout
{
    private const int FieldSize = 4;

    // The struct of libbpf and the kernel's samples before 2020.
    private static readonly string[] Common = ["type", "key_size", "value_size", "max_entries", "map_flags"];

    // iproute2's bpf_elf.h; the last two came in 2017.
    private static readonly string[] IpRoute2 = [.. Common, "id", "pinning", "inner_id", "inner_idx"];

    private readonly Dictionary<string, uint> _offsets = [];

    private LegacyMapLayout(uint size) => Size = size;

    /// <summary>The bytes that have a meaning; what follows them must be zero.</summary>
    public uint Size { get; private set; }

    /// <summary>True for the form of iproute2, where an absent slot is -1.</summary>
    public bool IsIpRoute2 => _offsets.ContainsKey("id");

    /// <summary>The fields without a meaning here.</summary>
    public List<string> Unknown { get; } = [];

    public bool TryGetOffset(string field, out uint offset) => _offsets.TryGetValue(field, out offset);

    /// <summary>The layout of a definition of some size, when nothing else is known of it.</summary>
    public static LegacyMapLayout OfSize(uint size)
    {
        string[] fields = size == IpRoute2.Length * FieldSize || size == (IpRoute2.Length - 2) * FieldSize ? IpRoute2 : Common;
        var layout = new LegacyMapLayout(0);
        foreach (string field in fields)
        {
            if (layout.Size + FieldSize > size) break;
            layout._offsets.Add(field, layout.Size);
            layout.Size += FieldSize;
        }

        return layout;
    }

    /// <summary>The layout of a struct, when it is one that defines maps; else null.</summary>
    public static LegacyMapLayout? OfStruct(ObjectContext context, BtfType type)
    {
        BtfReader btf = context.Btf!;
        if (type.Kind != BtfKind.Struct) return null;
        var layout = new LegacyMapLayout(type.Size);
        foreach (BtfMember member in type.Members)
        {
            string name = context.Text(member.NameUtf8) switch
            {
                "size_key" => "key_size",
                "size_value" => "value_size",
                "max_elem" => "max_entries",
                "flags" => "map_flags",
                string other => other,
            };
            bool isNumber = btf.StripModifiers(member.TypeId) is { Kind: BtfKind.Int or BtfKind.Enum, Size: FieldSize } && member.BitOffset % 8 == 0 && member.BitFieldSize == 0;
            if (isNumber && name is "type" or "key_size" or "value_size" or "max_entries" or "map_flags" or "id" or "pinning" or "inner_id" or "inner_idx" or "numa_node")
                layout._offsets.TryAdd(name, member.BitOffset / 8);
            else
                layout.Unknown.Add(name);
        }

        foreach (string field in Common)
        {
            if (field != "map_flags" && !layout._offsets.ContainsKey(field)) return null;
        }

        return layout;
    }
}
