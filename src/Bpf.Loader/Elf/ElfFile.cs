using System;
using System.Collections.Generic;

namespace Bpf.Loader.Elf;

/// <summary>
/// A 64-bit ELF file of either byte order, read as views over its bytes: nothing is copied and nothing is decoded before it
/// is asked for. Objects (ET_REL) are what BPF programs come in; executables and libraries are read for uprobes.
/// </summary>
public sealed partial class ElfFile
{
    private ReadOnlyMemory<byte> _sectionNames;

    private ElfFile(MemoryBlock block) => Block = block;

    /// <summary>The bytes of the file.</summary>
    public ReadOnlyMemory<byte> Image => Block.Memory;

    /// <summary>True when the numbers in the file are big-endian.</summary>
    public bool IsBigEndian => Block.IsBigEndian;

    /// <summary>What the file is.</summary>
    public ElfFileType Type => (ElfFileType)Block.UInt16(16);

    /// <summary>The machine that the file is for.</summary>
    public ElfMachine Machine => (ElfMachine)Block.UInt16(18);

    /// <summary>The sections.</summary>
    public ElfSectionCollection Sections { get; private set; }

    /// <summary>The segments; empty for objects.</summary>
    public IReadOnlyList<ElfProgramHeader> ProgramHeaders { get; private set; } = [];

    internal MemoryBlock Block { get; }

    /// <summary>The symbols of a symbol table section.</summary>
    /// <exception cref="BpfFormatException">The section is not a symbol table, or is malformed.</exception>
    public ElfSymbolTable GetSymbols(ElfSection section)
    {
        string name = section.Name;
        if (section.Type is not (ElfSectionType.SymbolTable or ElfSectionType.DynamicSymbols))
            throw new BpfFormatException("The section is not a symbol table.", name, null, BpfDiagnosticId.BadSymbol);
        if (section.EntrySize != ElfSymbol.RecordSize)
            throw new BpfFormatException($"Symbols take {section.EntrySize} bytes each instead of {ElfSymbol.RecordSize}.", name, null, BpfDiagnosticId.BadSymbol);
        if (section.Link >= (uint)Sections.Count || Sections[(int)section.Link].Type != ElfSectionType.StringTable)
            throw new BpfFormatException($"The names of the symbols should be in section {section.Link}, which is not a string table.", name, null, BpfDiagnosticId.BadSymbol);
        return new ElfSymbolTable(name, new MemoryBlock(section.Data, IsBigEndian), Sections[(int)section.Link].Data);
    }

    /// <summary>The records of a relocation section (SHT_REL).</summary>
    /// <exception cref="BpfFormatException">The section does not hold relocations, or is malformed.</exception>
    public ElfRelocationCollection GetRelocations(ElfSection section)
    {
        if (section.Type != ElfSectionType.Relocations || section.EntrySize != ElfRelocation.RecordSize)
        {
            throw new BpfFormatException(
                $"The section should hold relocations of {ElfRelocation.RecordSize} bytes each, but has type {section.Type} and {section.EntrySize} bytes each.",
                section.Name, null, BpfDiagnosticId.BadRelocation);
        }

        return new ElfRelocationCollection(new MemoryBlock(section.Data, IsBigEndian));
    }

    /// <summary>Finds the first section of a type.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFindSection(ElfSectionType type, out ElfSection section)
    {
        foreach (ElfSection candidate in Sections)
        {
            if (candidate.Type != type) continue;
            section = candidate;
            return true;
        }

        section = default;
        return false;
    }

    internal ReadOnlySpan<byte> GetSectionName(uint offset) => ElfStrings.Get(_sectionNames, offset, ".shstrtab");

    internal ReadOnlyMemory<byte> GetSectionData(ElfSection section)
    {
        if (section.Type is ElfSectionType.NoBits or ElfSectionType.Null) return default;
        ulong offset = section.Offset, size = section.Size;
        if (offset <= (ulong)Image.Length && size <= (ulong)Image.Length - offset)
            return Image.Slice((int)offset, (int)size);
        throw new BpfFormatException(
            $"The data of section {section.Index} (0x{size:x} bytes at file offset 0x{offset:x}) lie outside of the file of {Image.Length} bytes: it is truncated or damaged.",
            section.Index == _namesIndex ? null : section.Name, null, BpfDiagnosticId.BadSection);
    }
}
