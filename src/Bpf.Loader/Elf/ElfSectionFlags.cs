using System;

namespace Bpf.Loader.Elf;

/// <summary>Attributes of a section (<c>sh_flags</c>).</summary>
[Flags]
public enum ElfSectionFlags : ulong
{
    /// <summary>No attribute.</summary>
    None = 0,

    /// <summary>SHF_WRITE: writable data.</summary>
    Write = 1,

    /// <summary>SHF_ALLOC: occupies memory.</summary>
    Allocate = 2,

    /// <summary>SHF_EXECINSTR: code.</summary>
    Executable = 4,

    /// <summary>SHF_MERGE: equal elements may be merged.</summary>
    Merge = 0x10,

    /// <summary>SHF_STRINGS: NUL-terminated strings.</summary>
    Strings = 0x20,

    /// <summary>SHF_COMPRESSED: the data are compressed.</summary>
    Compressed = 0x800,
}
