namespace Bpf.Loader.Symbols.Binaries;

/// <summary>A section header.</summary>
/// <param name="Name">Where its name is.</param>
/// <param name="Type">Its kind.</param>
/// <param name="IsCode">Whether it is executed.</param>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Link">The section that it goes with.</param>
internal readonly record struct ElfSection(uint Name, uint Type, bool IsCode, ulong Offset, ulong Size, uint Link)
{
    /// <summary>SHT_SYMTAB: all symbols.</summary>
    public const uint Symbols = 2;

    /// <summary>SHT_DYNSYM: those that others may use.</summary>
    public const uint DynamicSymbols = 11;

    /// <summary>SHT_NOBITS: of a debug file, what only the binary has.</summary>
    public const uint NoBits = 8;
}
