namespace Bpf.Loader;

/// <summary>
/// The stable ids of all findings: 1xxx ELF and objects, 2xxx BTF, 3xxx CO-RE, 4xxx load, 5xxx attach.
/// A number never changes its meaning and is never used again.
/// </summary>
public enum BpfDiagnosticId
{
    /// <summary>The file is malformed in a way that has no id of its own.</summary>
    Malformed = 1000,

    /// <summary>The file does not begin with the ELF magic.</summary>
    NotElf = 1001,

    /// <summary>The ELF file is not 64-bit.</summary>
    Not64Bit = 1002,

    /// <summary>The ELF file is not a relocatable object for BPF.</summary>
    NotBpf = 1003,

    /// <summary>The file ends before what its headers promise.</summary>
    Truncated = 1004,

    /// <summary>A section header, or the data that it names, is out of range.</summary>
    BadSection = 1005,

    /// <summary>A string table has no terminator, or an offset lies outside of it.</summary>
    BadString = 1006,

    /// <summary>A symbol table or one of its symbols is malformed.</summary>
    BadSymbol = 1007,

    /// <summary>A relocation section or one of its records is malformed.</summary>
    BadRelocation = 1008,

    // 11xx: programs, maps, globals and externs of an object.

    // 2xxx: BTF.

    /// <summary>The BTF header is malformed.</summary>
    BadBtfHeader = 2001,

    /// <summary>The BTF string section is malformed.</summary>
    BadBtfStrings = 2002,

    /// <summary>A BTF type is malformed or cut off.</summary>
    BadBtfType = 2003,

    /// <summary>A BTF type refers to a type or a name that does not exist.</summary>
    BadBtfReference = 2004,

    /// <summary>The size of a BTF type cannot be told: it is incomplete, loops, or overflows.</summary>
    NoBtfSize = 2005,

    /// <summary>The section <c>.BTF.ext</c> is malformed.</summary>
    BadBtfExt = 2006,

    // 3xxx: CO-RE.

    // 4xxx: load.

    // 5xxx: attach.
}
