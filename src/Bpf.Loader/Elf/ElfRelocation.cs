namespace Bpf.Loader.Elf;

/// <summary>A relocation of an object file.</summary>
/// <param name="Offset">The byte offset in the section that is relocated.</param>
/// <param name="SymbolIndex">The symbol that is referred to; -1 when the record names one that cannot exist.</param>
/// <param name="Type">The kind, such as R_BPF_64_64 (1) or R_BPF_64_32 (10).</param>
public readonly record struct ElfRelocation(ulong Offset, int SymbolIndex, uint Type)
{
    internal const int RecordSize = 16;
}
