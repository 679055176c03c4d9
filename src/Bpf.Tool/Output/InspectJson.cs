using System.Collections.Generic;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary>The line of <c>bpf inspect --json</c>.</summary>
internal static class InspectJson
{
    public static void Write(Utf8JsonWriter json, Inspection inspection)
    {
        json.WriteStartObject();
        json.WriteString("file", inspection.Path);
        json.WriteString("open", inspection.Failure?.Code ?? Failure.None);
        json.WriteString("message", inspection.Failure?.Message);
        FindingJson.Write(json, inspection.Failure?.Finding);
        if (inspection.Object is { } file)
        {
            json.WriteString("name", file.Name);
            json.WriteString("license", file.License);
            json.WriteBoolean("big_endian", file.IsBigEndian);
        }

        json.WriteStartArray("sections");
        if (inspection.Elf is { } elf)
        {
            foreach (ElfSection section in elf.Sections)
                Write(json, section);
        }

        json.WriteEndArray();
        WriteArray(json, "programs", inspection.Object?.Programs, Write);
        WriteArray(json, "maps", inspection.Object?.Maps, Write);
        WriteArray(json, "globals", inspection.Object?.Globals, (writer, global) => Write(writer, global, inspection.Object!));
        WriteArray(json, "externs", inspection.Object?.Externs, Write);
        WriteArray(json, "relocations", inspection.Relocations, Write);
        WriteArray(json, "core_relocations", inspection.TypeRelocations, Write);
        WriteBtf(json, inspection.Object?.Btf);
        FindingJson.WriteArray(json, inspection.Object?.Diagnostics);
        json.WriteEndObject();
    }

    private delegate void ItemWriter<T>(Utf8JsonWriter json, T item);

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T>? items, ItemWriter<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items ?? [])
            write(json, item);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ElfSection section)
    {
        json.WriteStartObject();
        json.WriteNumber("index", section.Index);
        json.WriteString("name", section.Name);
        json.WriteNumber("type", (uint)section.Type);
        json.WriteNumber("flags", (ulong)section.Flags);
        json.WriteNumber("size", section.Size);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfProgramDefinition program)
    {
        json.WriteStartObject();
        json.WriteString("name", program.Name);
        json.WriteString("sec", program.SectionName);
        json.WriteNumber("type", (uint)program.Type);
        json.WriteNumber("eat", (uint)program.ExpectedAttachType);
        json.WriteNumber("insns", program.InstructionCount);
        json.WriteBoolean("autoload", program.AutoLoad);
        json.WriteString("attach", program.SectionDefinition?.AttachKind.ToString());
        json.WriteString("target", program.AttachTarget);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfMapDefinition map)
    {
        json.WriteStartObject();
        MapJson.WriteFields(json, map.Name, map.Type, map.KeySize, map.ValueSize, map.MaxEntries, map.Flags);
        json.WriteString("sec", map.SectionName);
        json.WriteString("kind", map.Kind.ToString());
        json.WriteNumber("map_extra", map.MapExtra);
        json.WriteString("pin", map.PinPath);
        json.WriteNumber("key_type", map.BtfKeyTypeId.Value);
        json.WriteNumber("value_type", map.BtfValueTypeId.Value);
        if (map.InnerMap is { } inner)
        {
            json.WritePropertyName("inner");
            Write(json, inner);
        }

        WriteArray(json, "slots", map.InitialSlots, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfMapSlot slot)
    {
        json.WriteStartObject();
        json.WriteNumber("index", slot.Index);
        json.WriteString("map", slot.Map?.Name);
        json.WriteString("program", slot.Program?.Name);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfGlobal global, BpfObjectFile file)
    {
        json.WriteStartObject();
        json.WriteString("name", global.Name);
        json.WriteString("map", global.Map.Name);
        json.WriteNumber("offset", global.Offset);
        json.WriteNumber("size", global.Size);
        json.WriteNumber("type", global.TypeId.Value);
        json.WriteString("c_type", GlobalText.TypeOf(file, global));
        json.WriteBoolean("read_only", global.IsReadOnly);
        if (GlobalText.HasValue(file, global))
        {
            json.WritePropertyName("value");
            new BtfValueFormatter(file.Btf!).WriteJson(json, global.TypeId, global.Bytes);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfExternDefinition item)
    {
        json.WriteStartObject();
        json.WriteString("name", item.Name);
        json.WriteString("kind", item.Kind.ToString());
        json.WriteBoolean("weak", item.IsWeak);
        json.WriteBoolean("function", item.IsFunction);
        json.WriteNumber("type", item.TypeId.Value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SymbolReference relocation)
    {
        json.WriteStartObject();
        json.WriteString("sec", relocation.Section);
        json.WriteNumber("offset", relocation.Offset);
        json.WriteString("type", relocation.TypeName);
        json.WriteString("symbol", relocation.Symbol);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TypeReference relocation)
    {
        json.WriteStartObject();
        json.WriteString("sec", relocation.Section);
        json.WriteNumber("offset", relocation.Offset);
        json.WriteString("kind", relocation.Kind.ToString());
        json.WriteString("type", relocation.Type);
        json.WriteString("access", relocation.Access);
        json.WriteString("description", relocation.Description);
        json.WriteEndObject();
    }

    private static void WriteBtf(Utf8JsonWriter json, BtfReader? btf)
    {
        if (btf is null)
        {
            json.WriteNull("btf");
            return;
        }

        var summary = BtfSummary.Of(btf);
        json.WriteStartObject("btf");
        json.WriteNumber("bytes", btf.Raw.Length);
        json.WriteNumber("types", btf.TypeCount - 1);
        json.WriteStartObject("kinds");
        foreach ((BtfKind kind, int count) in summary.Kinds)
            json.WriteNumber(kind.ToString(), count);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
