namespace Bpf.Loader.Elf;

/// <summary>How far a symbol is visible to the linker.</summary>
public enum ElfSymbolBinding : byte
{
    /// <summary>STB_LOCAL: this file only.</summary>
    Local = 0,

    /// <summary>STB_GLOBAL.</summary>
    Global = 1,

    /// <summary>STB_WEAK: may be overridden, and may stay undefined.</summary>
    Weak = 2,
}
