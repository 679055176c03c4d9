using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>
/// Reads map definitions of the old form, <c>struct bpf_map_def SEC("maps")</c> and iproute2's <c>struct bpf_elf_map</c>, which
/// libbpf gave up with 1.0: each symbol of the section is a map, and the bytes there are its definition.
/// </summary>
internal static class LegacyMapReader
{
    private const int LeastSize = 16; // type, key size, value size and entries

    public static void Read(ObjectContext context)
    {
        var links = new List<LegacyMapLink>();
        foreach (ElfSection section in context.Elf.Sections)
        {
            if (context.Roles[section.Index] == SectionRole.LegacyMaps) Read(context, section, links);
        }

        IpRoute2Maps.Connect(context, links);
    }

    private static void Read(ObjectContext context, ElfSection section, List<LegacyMapLink> links)
    {
        List<ElfSymbol> symbols = [.. context.SymbolsOf(section.Index).Where(symbol => symbol.Type is ElfSymbolType.Object or ElfSymbolType.None && !symbol.NameUtf8.IsEmpty)];
        symbols.Sort((a, b) => (a.Value, a.Index).CompareTo((b.Value, b.Index)));
        ReadOnlyMemory<byte> data = section.Data;
        Dictionary<string, BtfType> types = TypesOf(context, section);
        for (int i = 0; i < symbols.Count; i++)
        {
            ulong start = symbols[i].Value;
            if (i > 0 && symbols[i - 1].Value == start) continue; // another name of the same map
            ulong end = symbols[i].Size > 0 ? start + symbols[i].Size : symbols.Skip(i + 1).Select(next => next.Value).FirstOrDefault(value => value > start, (ulong)data.Length);
            string name = context.Text(symbols[i].NameUtf8);
            if (end < start || end > (ulong)data.Length || end - start < LeastSize)
            {
                throw context.Fail(
                    BpfDiagnosticId.LegacyMapMalformed, $"The definition of the map '{name}' takes {end - start} bytes and does not fit: 16 to the end of the section ({data.Length}) are possible.",
                    section.Index, (long)start);
            }

            ReadOnlySpan<byte> bytes = data.Span[(int)start..(int)end];
            LegacyMapLayout layout = (types.TryGetValue(name, out BtfType type) ? LegacyMapLayout.OfStruct(context, type) : null) ?? LegacyMapLayout.OfSize((uint)bytes.Length);
            links.Add(Read(context, section, name, start, bytes, layout));
        }
    }

    private static Dictionary<string, BtfType> TypesOf(ObjectContext context, ElfSection section)
    {
        var types = new Dictionary<string, BtfType>(StringComparer.Ordinal);
        if (!context.TryFindDataSection(context.SectionNames[section.Index], out BtfType description)) return types;
        foreach (BtfSectionVariable place in description.Variables)
        {
            BtfType variable = context.Btf![place.TypeId];
            if (variable.Kind == BtfKind.Variable) types.TryAdd(context.Text(variable.NameUtf8), context.Btf.StripModifiers(variable.TypeId));
        }

        return types;
    }

    private static LegacyMapLink Read(ObjectContext context, ElfSection section, string name, ulong offset, ReadOnlySpan<byte> bytes, LegacyMapLayout layout)
    {
        var map = new BpfMapDefinition(name, BpfMapKind.User)
        {
            SectionName = context.SectionNames[section.Index],
            SectionIndex = section.Index,
            SectionOffset = offset,
            Type = (BpfMapType)Field(context, bytes, layout, "type"),
            KeySize = Field(context, bytes, layout, "key_size"),
            ValueSize = Field(context, bytes, layout, "value_size"),
            Flags = (BpfMapFlags)Field(context, bytes, layout, "map_flags"),
            NumaNode = Field(context, bytes, layout, "numa_node"),
        };
        if (map.Type == BpfMapType.Unspecified)
            throw context.Fail(BpfDiagnosticId.MapWithoutType, $"The map '{name}' has no type.", section.Index, (long)offset);
        map.MaxEntries = Field(context, bytes, layout, "max_entries");
        if (layout.Unknown.Count > 0)
            context.Note(BpfDiagnosticId.MapFieldIgnored, BpfSeverity.Info, $"The map '{name}' has fields that are ignored: {string.Join(", ", layout.Unknown)}.", section.Index, name, (long)offset);
        CheckRest(context, section, name, offset, bytes, layout);
        FindTypes(context, map);
        context.Maps.Add(map);

        var link = new LegacyMapLink(map, Field(context, bytes, layout, "id"), Field(context, bytes, layout, "inner_id"), null);
        if (!layout.IsIpRoute2) return link;
        IpRoute2Maps.Pin(context, map, Field(context, bytes, layout, "pinning"));
        return layout.TryGetOffset("inner_idx", out _) ? link with { InnerIndex = (int)Field(context, bytes, layout, "inner_idx") } : link;
    }

    private static uint Field(ObjectContext context, ReadOnlySpan<byte> bytes, LegacyMapLayout layout, string field)
    {
        if (!layout.TryGetOffset(field, out uint offset) || offset + sizeof(uint) > (uint)bytes.Length) return 0;
        ReadOnlySpan<byte> value = bytes[(int)offset..];
        return context.Elf.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt32LittleEndian(value);
    }

    // Fields that nobody knows would change what the map is; as long as they are zero they change nothing.
    private static void CheckRest(ObjectContext context, ElfSection section, string name, ulong offset, ReadOnlySpan<byte> bytes, LegacyMapLayout layout)
    {
        if ((uint)bytes.Length <= layout.Size || !bytes[(int)layout.Size..].ContainsAnyExcept((byte)0)) return;
        if (!context.Options.RelaxedMaps)
        {
            throw context.Fail(
                BpfDiagnosticId.LegacyMapMalformed,
                $"The definition of the map '{name}' goes on for {bytes.Length - layout.Size} bytes with fields that are not known and not zero. They can be ignored with the option {nameof(BpfOpenOptions.RelaxedMaps)}.",
                section.Index, (long)offset);
        }

        context.Note(BpfDiagnosticId.MapFieldIgnored, BpfSeverity.Warning, $"Fields at the end of the definition of the map '{name}' are ignored.", section.Index, name, (long)offset);
    }

    // BPF_ANNOTATE_KV_PAIR: struct ____btf_map_NAME { key; value; }, the way to give such maps types from Linux 4.18 on.
    private static void FindTypes(ObjectContext context, BpfMapDefinition map)
    {
        if (context.Btf is not BtfReader btf || !btf.TryFind("____btf_map_" + map.Name, BtfKind.Struct, out BtfTypeId id)) return;
        BtfMemberCollection members = btf[id].Members;
        if (members.Count < 2) return;
        BtfTypeId key = members[0].TypeId, value = members[1].TypeId;
        if (!btf.TryGetSize(key, out uint keySize) || !btf.TryGetSize(value, out uint valueSize) || keySize != map.KeySize || valueSize != map.ValueSize) return;
        map.BtfKeyTypeId = key;
        map.BtfValueTypeId = value;
    }
}
