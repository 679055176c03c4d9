namespace Bpf.Loader.Elf;

/// <summary>A segment of an executable or a library (<c>Elf64_Phdr</c>).</summary>
/// <param name="Type">What it is: 1 is PT_LOAD.</param>
/// <param name="Flags">Access: 1 execute, 2 write, 4 read.</param>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="VirtualAddress">Where it is mapped.</param>
/// <param name="FileSize">Its bytes in the file.</param>
/// <param name="MemorySize">Its bytes in memory.</param>
public readonly record struct ElfProgramHeader(
    uint Type,
    uint Flags,
    ulong Offset,
    ulong VirtualAddress,
    ulong FileSize,
    ulong MemorySize)
{
    internal const int RecordSize = 56;

    /// <summary>True for a segment that is mapped into memory (PT_LOAD).</summary>
    public bool IsLoad => Type == 1;

    /// <summary>True for mapped code.</summary>
    public bool IsExecutable => (Flags & 1) != 0;

    /// <summary>True when an address lies in the segment.</summary>
    public bool Contains(ulong address) => address >= VirtualAddress && address - VirtualAddress < MemorySize;
}
