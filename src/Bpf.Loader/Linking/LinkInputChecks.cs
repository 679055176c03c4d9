using System;
using System.Numerics;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>The checks of an object that is to be linked: alignments, symbols and relocations.</summary>
internal static class LinkInputChecks
{
    private const int InstructionSize = 8;
    private const int LargestAlignment = 1 << 16; // a page of the machines with the largest ones

    public static bool IsDebugInfo(string section) => section.StartsWith(".debug_", StringComparison.Ordinal);

    public static void Check(LinkInput input)
    {
        int symbols = 0;
        foreach (InputSection section in input.Sections)
        {
            if (section.Index == 0) continue;
            if (section.Name.Length == 0) throw input.Fail(BpfDiagnosticId.LinkInput, $"Section {section.Index} has no name.");
            if (IsDebugInfo(section.Name)) continue;
            if (section.Alignment > LargestAlignment || (section.Alignment != 0 && !BitOperations.IsPow2(section.Alignment)))
                throw input.Fail(BpfDiagnosticId.BadSection, $"The alignment {section.Alignment} is no power of two up to {LargestAlignment}.", section.Name);
            if (section.Type == ElfSectionType.SymbolTable) symbols = section.Index;
            if (section.Type == ElfSectionType.ProgramBits && section.IsExecutable && section.Size % InstructionSize != 0)
                throw input.Fail(BpfDiagnosticId.BadFunction, $"The code has {section.Size} bytes, and does not consist of whole instructions.", section.Name);
        }

        CheckSymbols(input, input.Sections[symbols]);
        foreach (InputSection section in input.Sections)
        {
            if (section.Type == ElfSectionType.Relocations && !IsDebugInfo(section.Name)) CheckRelocations(input, section, symbols);
        }
    }

    private static void CheckSymbols(LinkInput input, InputSection table)
    {
        if (table.Size % ElfSymbol.RecordSize != 0)
            throw input.Fail(BpfDiagnosticId.BadSymbol, $"The table has {table.Size} bytes, and does not consist of whole symbols.", table.Name);
        foreach (ElfSymbol symbol in input.Symbols)
        {
            string? wrong = symbol.Index == 0 ? WrongWithNull(symbol) : WrongWith(symbol, input);
            if (wrong is not null)
                throw input.Fail(BpfDiagnosticId.BadSymbol, $"Symbol {symbol.Index} '{input.Context.Text(symbol.NameUtf8)}' {wrong}.", table.Name, (long)symbol.Index * ElfSymbol.RecordSize);
        }
    }

    private static string? WrongWithNull(ElfSymbol symbol) =>
        symbol.Binding == 0 && symbol.Type == 0 && symbol.Visibility == 0 && symbol.SectionIndex == 0 && symbol.Value == 0 && symbol.Size == 0 && symbol.NameUtf8.IsEmpty
            ? null
            : "must be all zeroes";

    private static string? WrongWith(ElfSymbol symbol, LinkInput input)
    {
        if (symbol.Binding is not (ElfSymbolBinding.Local or ElfSymbolBinding.Global or ElfSymbolBinding.Weak)) return $"has the binding {(int)symbol.Binding}, which cannot be linked";
        if (symbol.Visibility is not (ElfSymbolVisibility.Default or ElfSymbolVisibility.Hidden)) return $"is {symbol.Visibility.ToString().ToLowerInvariant()}; only default and hidden symbols can be linked";
        if (symbol.SectionIndex == 0)
        {
            return symbol.Type == ElfSymbolType.None && symbol.Binding != ElfSymbolBinding.Local && symbol.Value == 0 && symbol.Size == 0
                ? null
                : "is defined nowhere, and is no extern";
        }

        if (IsReserved(symbol)) return null;
        if (symbol.SectionIndex >= input.Elf.Sections.Count) return $"is in section {symbol.SectionIndex}, which does not exist";
        return symbol.Type == ElfSymbolType.Section && symbol.Value != 0 ? $"stands for its section, and has the value {symbol.Value} instead of 0" : null;
    }

    /// <summary>True for a symbol that is in no section but has a reserved number for one, such as SHN_ABS.</summary>
    public static bool IsReserved(ElfSymbol symbol) => symbol.SectionIndex >= 0xff00;

    private static void CheckRelocations(LinkInput input, InputSection section, int symbols)
    {
        if (section.EntrySize != ElfRelocation.RecordSize || section.Size % ElfRelocation.RecordSize != 0)
            throw Fail($"The records take {section.EntrySize} bytes each, and {section.Size} together, instead of multiples of {ElfRelocation.RecordSize}.");
        if (section.Link != (uint)symbols) throw Fail($"The records go with the symbols of section {section.Link}, which is not the symbol table ({symbols}).");
        if (section.Info == 0 || section.Info >= (uint)input.Elf.Sections.Count) throw Fail($"The records apply to section {section.Info}, which does not exist.");

        InputSection target = input.Sections[(int)section.Info];
        if (section.Name != ".rel" + target.Name) throw Fail($"The records apply to '{target.Name}', and their section is not called '.rel{target.Name}'.");
        if (target.IsSkipped) return;
        if (target.Type is not (ElfSectionType.ProgramBits or ElfSectionType.NoBits)) throw Fail($"The records apply to '{target.Name}', which is neither code nor data.");

        foreach (ElfRelocation record in input.Elf.GetRelocations(input.Elf.Sections[section.Index]))
        {
            if (record.Type is not (RelocationType.Load64 or RelocationType.Absolute64 or RelocationType.Absolute32 or RelocationType.Call))
                throw Fail($"The relocation type {record.Type} cannot be linked.");
            if (record.SymbolIndex <= 0 || record.SymbolIndex >= input.Symbols.Count) throw Fail("A record refers to a symbol that does not exist.");
            int size = target.IsExecutable ? InstructionSize : record.Type == RelocationType.Absolute32 ? 4 : 8;
            if (target.IsExecutable && record.Offset % InstructionSize != 0) throw Fail($"A record applies to offset 0x{record.Offset:x} of the code, inside of an instruction.");
            if (target.Type == ElfSectionType.NoBits) throw Fail($"A record applies to '{target.Name}', which has no bytes in the file that could be changed.");
            if (target.Size < (ulong)size || record.Offset > target.Size - (ulong)size)
                throw Fail($"A record applies to offset 0x{record.Offset:x}, and '{target.Name}' has 0x{target.Size:x} bytes.");
        }

        BpfFormatException Fail(string message) => input.Fail(BpfDiagnosticId.BadRelocation, message, section.Name);
    }
}
