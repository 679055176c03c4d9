namespace Bpf.Loader.Links.Binaries;

/// <summary>A function of a binary, as one of its tables has it.</summary>
/// <param name="Index">Its place in the table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Offset">Where its code is in the ELF file.</param>
/// <param name="Size">Its bytes; 0 when unknown.</param>
internal readonly record struct BinaryFunction(uint Index, string Name, ulong Address, ulong Offset, ulong Size);
