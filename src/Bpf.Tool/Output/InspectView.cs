using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;
using Bpf.Tool.Commands;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>What <c>bpf inspect</c> shows to people.</summary>
internal static class InspectView
{
    private const int ShortList = 20;

    public static void Print(Inspection inspection, bool verbose)
    {
        Screen.Title(inspection.Path, Subtitle(inspection.Object));
        if (inspection.Failure is { } failure)
            Screen.Error(failure);
        if (inspection.Object is { } file)
        {
            Programs(file);
            Maps(file);
            Globals(file);
            Externs(file);
        }

        Relocations(inspection, verbose);
        Sections(inspection.Elf, verbose);
        if (inspection.Object is not { } described)
            return;
        Btf(described.Btf);
        foreach (BpfFinding diagnostic in described.Diagnostics)
            Screen.Note(diagnostic);
    }

    private static string Subtitle(BpfObjectFile? file)
    {
        if (file is null)
            return "";
        string license = file.License.Length == 0 ? "no license" : file.License;
        return $"{license}, {(file.IsBigEndian ? "big" : "little")} endian";
    }

    private static void Programs(BpfObjectFile file)
    {
        Table table = Screen.Table("program", "section", "type", ">insns", "");
        foreach (BpfProgramDefinition program in file.Programs)
            table.AddTextRow(program.Name, program.SectionName, program.Type.ToString(), Number(program.InstructionCount), program.AutoLoad ? "" : "optional");
        Screen.Write(table);
    }

    private static void Maps(BpfObjectFile file)
    {
        Table table = Screen.Table("map", "type", ">key", ">value", ">entries", "flags", "pinned");
        foreach (BpfMapDefinition map in file.Maps)
        {
            AddMap(table, map, map.Name);
            if (map.InnerMap is { } inner)
                AddMap(table, inner, "  inner");
        }

        Screen.Write(table);
    }

    private static void AddMap(Table table, BpfMapDefinition map, string name) => table.AddTextRow(
        name, map.Type.ToString(), Number(map.KeySize), Number(map.ValueSize), Number(map.MaxEntries), map.Flags == 0 ? "" : map.Flags.ToString(), map.PinPath ?? "");

    private static void Globals(BpfObjectFile file)
    {
        Table table = Screen.Table("variable", "type", "map", ">offset", ">size", "value");
        foreach (BpfGlobal global in file.Globals)
        {
            string value = GlobalText.HasValue(file, global) ? new BtfValueFormatter(file.Btf!).Format(global.TypeId, global.Bytes) : "";
            table.AddTextRow(global.Name, GlobalText.TypeOf(file, global), global.Map.Name, Number(global.Offset), Number(global.Size), value);
        }

        Screen.Write(table);
    }

    private static void Externs(BpfObjectFile file)
    {
        Table table = Screen.Table("extern", "kind", "");
        foreach (BpfExternDefinition item in file.Externs)
            table.AddTextRow(item.Name, item.IsFunction ? "KernelFunction" : item.Kind.ToString(), item.IsWeak ? "weak" : "");
        Screen.Write(table);
    }

    private static void Relocations(Inspection inspection, bool verbose)
    {
        Table table = Screen.Table("relocated section", ">offset", "type", "symbol");
        foreach (SymbolReference relocation in Shorten(inspection.Relocations, verbose))
            table.AddTextRow(relocation.Section, Hex(relocation.Offset), relocation.TypeName, relocation.Symbol);
        More(table, inspection.Relocations.Count, verbose);
        Screen.Write(table);

        table = Screen.Table("CO-RE section", ">offset", "asks the kernel for");
        foreach (TypeReference relocation in Shorten(inspection.TypeRelocations, verbose))
            table.AddTextRow(relocation.Section, Hex(relocation.Offset), relocation.Description);
        More(table, inspection.TypeRelocations.Count, verbose);
        Screen.Write(table);
    }

    private static IEnumerable<T> Shorten<T>(IReadOnlyList<T> items, bool verbose) => verbose ? items : items.Take(ShortList);

    private static void More(Table table, int count, bool verbose)
    {
        if (!verbose && count > ShortList)
            table.AddTextRow($"... and {count - ShortList} more (--verbose)");
    }

    private static void Sections(ElfFile? elf, bool verbose)
    {
        if (elf is null)
            return;
        Table table = Screen.Table("section", "type", ">size");
        foreach (ElfSection section in elf.Sections)
        {
            bool isContent = (section.Flags & ElfSectionFlags.Allocate) != 0 || section.Name.StartsWith(".BTF", StringComparison.Ordinal);
            if (section.Type != ElfSectionType.Null && (isContent || verbose))
                table.AddTextRow(section.Name, section.Type.ToString(), Number(section.Size));
        }

        Screen.Write(table);
    }

    private static void Btf(BtfReader? btf)
    {
        if (btf is null)
        {
            Screen.Note("no BTF");
            return;
        }

        string kinds = string.Join(", ", BtfSummary.Of(btf).Kinds.Select(kind => $"{kind.Value} {kind.Key}"));
        Screen.Note($"BTF: {btf.TypeCount - 1} types in {btf.Raw.Length} bytes: {kinds}");
    }

    private static string Number<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
