namespace Bpf.Loader.Elf;

/// <summary>What a section holds (<c>sh_type</c>); unknown values are legal.</summary>
public enum ElfSectionType : uint
{
    /// <summary>SHT_NULL: an unused entry.</summary>
    Null = 0,

    /// <summary>SHT_PROGBITS: code or data.</summary>
    ProgramBits = 1,

    /// <summary>SHT_SYMTAB: the static symbol table.</summary>
    SymbolTable = 2,

    /// <summary>SHT_STRTAB: strings.</summary>
    StringTable = 3,

    /// <summary>SHT_RELA: relocations with addends, which BPF objects do not use.</summary>
    RelocationsWithAddend = 4,

    /// <summary>SHT_NOTE: notes, such as USDT probes.</summary>
    Note = 7,

    /// <summary>SHT_NOBITS: zeroed data without bytes in the file.</summary>
    NoBits = 8,

    /// <summary>SHT_REL: relocations.</summary>
    Relocations = 9,

    /// <summary>SHT_DYNSYM: the symbols that the dynamic loader uses.</summary>
    DynamicSymbols = 11,

    /// <summary>SHT_LLVM_ADDRSIG: address-significance table, ignored.</summary>
    LlvmAddressSignificance = 0x6fff4c03,

    /// <summary>SHT_GNU_verdef: versions that a library defines.</summary>
    GnuVersionDefinitions = 0x6ffffffd,

    /// <summary>SHT_GNU_versym: the version of each dynamic symbol.</summary>
    GnuVersionSymbols = 0x6fffffff,
}
