using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>
/// A section of an object that is being linked. Sections such as <c>.kconfig</c> and <c>.ksyms</c>, which exist in the BTF alone,
/// have no number in the ELF file; they are kept for their lists of variables.
/// </summary>
internal sealed class InputSection(string name, int index)
{
    public string Name { get; } = name;

    /// <summary>The number in the ELF file; 0 for a section of the BTF alone.</summary>
    public int Index { get; } = index;

    public bool IsVirtual => Index == 0;

    /// <summary>True when nothing of it reaches the output.</summary>
    public bool IsSkipped { get; set; }

    public ElfSectionType Type { get; init; }

    public ElfSectionFlags Flags { get; init; }

    public ulong Size { get; init; }

    public ulong Alignment { get; init; }

    public ulong EntrySize { get; init; }

    public uint Link { get; init; }

    public uint Info { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public bool IsExecutable => (Flags & ElfSectionFlags.Executable) != 0;

    public bool IsRelocations => !IsSkipped && Type == ElfSectionType.Relocations;

    public bool IsContent => !IsSkipped && (IsVirtual || Type is ElfSectionType.ProgramBits or ElfSectionType.NoBits);

    /// <summary>The section that it becomes a part of.</summary>
    public OutputSection? Target { get; set; }

    /// <summary>Where it begins in <see cref="Target"/>.</summary>
    public ulong TargetOffset { get; set; }

    /// <summary>True when the BTF has a data section of its name.</summary>
    public bool IsDescribed { get; set; }

    /// <summary>What the data section of the BTF lists, with the offsets that the symbols have.</summary>
    public List<BtfSectionVariable> Variables { get; } = [];
}
