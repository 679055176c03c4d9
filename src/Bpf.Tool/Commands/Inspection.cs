using System.Collections.Generic;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Relocation;

namespace Bpf.Tool.Commands;

/// <summary>What a file says, as far as it can be read: a malformed object still shows its sections.</summary>
internal sealed class Inspection : IFileResult
{
    private Inspection(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its sections and symbols; null when it is not even ELF.</summary>
    public ElfFile? Elf { get; private set; }

    /// <summary>What it says as a BPF object; null when it is malformed.</summary>
    public BpfObjectFile? Object { get; private set; }

    /// <summary>Why it is malformed; null when it is not.</summary>
    public Failure? Failure { get; private set; }

    /// <inheritdoc/>
    public bool IsGood => Failure is null;

    /// <summary>The relocations of code and data, not those of debug information.</summary>
    public IReadOnlyList<SymbolReference> Relocations { get; private set; } = [];

    /// <summary>The CO-RE relocations, by section.</summary>
    public IReadOnlyList<TypeReference> TypeRelocations { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    public static Inspection Of(string path)
    {
        var inspection = new Inspection(path);
        try
        {
            // Opened first, because its message for a file that cannot be read is the better one.
            inspection.Object = BpfObjectFile.Open(path);
        }
        catch (BpfFormatException e)
        {
            inspection.Failure = Failure.Of(e);
        }

        try
        {
            inspection.Elf = ElfFile.Read(BpfFile.ReadAllBytes(path));
            inspection.Relocations = ReadRelocations(inspection.Elf);
            inspection.TypeRelocations = ReadTypeRelocations(inspection.Elf, inspection.Object);
        }
        catch (BpfFormatException e)
        {
            inspection.Failure ??= Failure.Of(e);
        }

        return inspection;
    }

    /// <summary>Nothing but why there is nothing.</summary>
    public static Inspection Failed(string path, Failure failure) => new(path) { Failure = failure };

    private static List<SymbolReference> ReadRelocations(ElfFile elf)
    {
        var relocations = new List<SymbolReference>();
        if (!elf.TryFindSection(ElfSectionType.SymbolTable, out ElfSection symbolSection))
            return relocations;
        ElfSymbolTable symbols = elf.GetSymbols(symbolSection);
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Type != ElfSectionType.Relocations || section.Info >= (uint)elf.Sections.Count)
                continue;
            ElfSection target = elf.Sections[(int)section.Info];
            if ((target.Flags & ElfSectionFlags.Allocate) == 0)
                continue;
            string name = target.Name;
            foreach (ElfRelocation relocation in elf.GetRelocations(section))
                relocations.Add(new SymbolReference(name, relocation.Offset, relocation.Type, NameOf(elf, symbols, relocation.SymbolIndex)));
        }

        return relocations;
    }

    private static string NameOf(ElfFile elf, ElfSymbolTable symbols, int index)
    {
        if ((uint)index >= (uint)symbols.Count)
            return "";
        ElfSymbol symbol = symbols[index];
        if (symbol.Type != ElfSymbolType.Section || (uint)symbol.SectionIndex >= (uint)elf.Sections.Count)
            return symbol.Name;

        // Symbols of sections have no name of their own.
        return elf.Sections[symbol.SectionIndex].Name;
    }

    private static List<TypeReference> ReadTypeRelocations(ElfFile elf, BpfObjectFile? file)
    {
        var relocations = new List<TypeReference>();
        if (file is not { Btf: { } btf, BtfExt: not null })
            return relocations;

        // Against its own types, every relocation finds what it asks for, and says what that is.
        foreach (CoReFinding finding in CoReRelocator.Check(elf, new TargetTypes(btf)))
        {
            BtfCoReRecord record = finding.Record;
            string type = btf[record.TypeId].ToString(), access = record.GetAccessString(btf);
            string description = finding.Result?.Local.ToString() ?? $"{record.Kind} {type} ({access})";
            relocations.Add(new TypeReference(finding.Section, record.InstructionOffset, record.Kind, type, access, description));
        }

        return relocations;
    }
}
