using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A section header of a binary.</summary>
/// <param name="Name">Where its name is in the table of names.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Address">Its address.</param>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Link">For symbols and versions, their string table.</param>
/// <param name="Info">In section 0, the number of segments where the header has no room for it.</param>
/// <param name="EntrySize">The size of an element.</param>
internal readonly record struct BinarySection(
    uint Name, ElfSectionType Type, ulong Address, ulong Offset, ulong Size, uint Link, uint Info, ulong EntrySize);
