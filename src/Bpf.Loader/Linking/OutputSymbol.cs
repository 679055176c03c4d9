using Bpf.Loader.Elf;

namespace Bpf.Loader.Linking;

/// <summary>A symbol of the linked object. What a later object says of a global symbol may still change it.</summary>
internal sealed class OutputSymbol
{
    /// <summary>The offset of its name in the string table.</summary>
    public uint Name { get; init; }

    public ElfSymbolBinding Binding { get; set; }

    public ElfSymbolType Type { get; set; }

    public ElfSymbolVisibility Visibility { get; set; }

    /// <summary>The section that it is in; null for an extern, and for what is in no section.</summary>
    public OutputSection? Section { get; set; }

    /// <summary>The reserved number of a symbol that is in no section, such as SHN_ABS; else 0.</summary>
    public int ReservedIndex { get; init; }

    public ulong Value { get; set; }

    public ulong Size { get; set; }
}
