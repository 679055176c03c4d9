namespace Bpf.Loader.Elf;

/// <summary>What a symbol names.</summary>
public enum ElfSymbolType : byte
{
    /// <summary>STT_NOTYPE: unspecified; externs of BPF objects have it.</summary>
    None = 0,

    /// <summary>STT_OBJECT: a variable.</summary>
    Object = 1,

    /// <summary>STT_FUNC: a function.</summary>
    Function = 2,

    /// <summary>STT_SECTION: a section.</summary>
    Section = 3,

    /// <summary>STT_FILE: a source file.</summary>
    File = 4,

    /// <summary>STT_TLS: a thread-local variable.</summary>
    ThreadLocal = 6,

    /// <summary>STT_GNU_IFUNC: a function that is chosen at load time.</summary>
    IndirectFunction = 10,
}
