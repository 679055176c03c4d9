using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A symbol of a binary.</summary>
/// <param name="Index">Its place in the table.</param>
/// <param name="Name">Where its name is in the string table.</param>
/// <param name="Info">Type and binding.</param>
/// <param name="Section">Its section; only whether it has one matters.</param>
/// <param name="Address">Its address.</param>
/// <param name="Size">Its bytes; 0 when unknown.</param>
internal readonly record struct BinarySymbol(uint Index, uint Name, byte Info, ushort Section, ulong Address, ulong Size)
{
    // SHN_UNDEF is another file's; of the reserved ones only SHN_XINDEX stands for a section, whose number has no room here.
    private const ushort FirstReserved = 0xff00, ExtendedIndex = 0xffff;

    public ElfSymbolType Type => (ElfSymbolType)(Info & 0xf);

    public ElfSymbolBinding Binding => (ElfSymbolBinding)(Info >> 4);

    /// <summary>True when it is in this file, at an address.</summary>
    public bool IsDefined => Section is not 0 and (< FirstReserved or ExtendedIndex);

    /// <summary>True for a function of this file.</summary>
    public bool IsFunction => Type == ElfSymbolType.Function && IsDefined;
}
