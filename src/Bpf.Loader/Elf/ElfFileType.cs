namespace Bpf.Loader.Elf;

/// <summary>What an ELF file is (<c>e_type</c>).</summary>
public enum ElfFileType : ushort
{
    /// <summary>ET_NONE.</summary>
    None = 0,

    /// <summary>ET_REL: an object file, as clang writes BPF programs.</summary>
    Relocatable = 1,

    /// <summary>ET_EXEC: a program at a fixed address.</summary>
    Executable = 2,

    /// <summary>ET_DYN: a shared library or a position-independent program.</summary>
    Dynamic = 3,

    /// <summary>ET_CORE: a core dump.</summary>
    Core = 4,
}
