namespace Bpf.Loader.Symbols.Binaries;

/// <summary>A part of the file that is mapped.</summary>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Address">Where it is in memory, from where the file is loaded.</param>
/// <param name="Size">Its bytes in the file.</param>
internal readonly record struct ElfSegment(ulong Offset, ulong Address, ulong Size);
