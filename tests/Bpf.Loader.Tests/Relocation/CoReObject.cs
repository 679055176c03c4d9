using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>An object of testdata, taken apart as far as CO-RE needs it.</summary>
internal sealed class CoReObject
{
    private readonly List<(string Section, uint Start, uint End, string Name)> _functions = [];
    private readonly Dictionary<string, BpfInstruction[]> _code = [];

    public CoReObject(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        if (elf.Sections.TryFind(".BTF"u8, out ElfSection types)) Types = BtfReader.Read(types.Data);
        if (elf.Sections.TryFind(".BTF.ext"u8, out ElfSection info)) Info = BtfExtReader.Read(info.Data);
        foreach (ElfSection section in elf.Sections)
        {
            if ((section.Flags & ElfSectionFlags.Executable) == 0) continue;
            var code = new BpfInstruction[section.Data.Length / BpfInstruction.Size];
            for (int i = 0; i < code.Length; i++) code[i] = BpfInstruction.Read(section.Data.Span[(i * BpfInstruction.Size)..], elf.IsBigEndian);
            _code[section.Name] = code;
        }

        if (!elf.TryFindSection(ElfSectionType.SymbolTable, out ElfSection table)) return;
        foreach (ElfSymbol symbol in elf.GetSymbols(table))
        {
            if (symbol.Type != ElfSymbolType.Function || symbol.Size == 0) continue;
            string section = elf.Sections[symbol.SectionIndex].Name;
            _functions.Add((section, (uint)symbol.Value, (uint)(symbol.Value + symbol.Size), symbol.Name));
        }
    }

    public BtfReader? Types { get; }

    public BtfExtReader? Info { get; }

    /// <summary>The names of the functions that are programs of their own.</summary>
    public IEnumerable<string> Programs()
    {
        foreach ((string section, _, _, string name) in _functions)
        {
            if (section != ".text") yield return name;
        }
    }

    /// <summary>All records with the section and the function that they are in, and their numbers in the section.</summary>
    public IEnumerable<(string Section, string Function, int Number, BtfCoReRecord Record)> Records()
    {
        if (Info is null || Types is null) yield break;
        foreach (BtfExtSection<BtfCoReRecord> section in Info.CoReRecords)
        {
            string name = section.GetName(Types);
            for (int i = 0; i < section.Count; i++) yield return (name, FunctionAt(name, section[i].InstructionOffset), i, section[i]);
        }
    }

    /// <summary>A copy of a section's code.</summary>
    public BpfInstruction[] Code(string section) => (BpfInstruction[])_code[section].Clone();

    /// <summary>The types of an object of <c>testdata/btf</c>.</summary>
    public static TargetTypes Target(string name) => new(BtfReader.ReadRawOrElf(TestData.Read(name)));

    private string FunctionAt(string section, uint offset)
    {
        foreach ((string own, uint start, uint end, string name) in _functions)
        {
            if (own == section && offset >= start && offset < end) return name;
        }

        throw new InvalidOperationException($"no function of {section} at {offset}");
    }
}
