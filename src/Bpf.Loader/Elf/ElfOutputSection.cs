using System;

namespace Bpf.Loader.Elf;

/// <summary>A section to be written.</summary>
internal sealed record ElfOutputSection
{
    /// <summary>The offset of its name in the table of names.</summary>
    public required uint Name { get; init; }

    public required ElfSectionType Type { get; init; }

    public ElfSectionFlags Flags { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The size of a section without data in the file (SHT_NOBITS).</summary>
    public ulong Size { get; init; }

    public uint Link { get; init; }

    public uint Info { get; init; }

    public ulong Alignment { get; init; }

    public ulong EntrySize { get; init; }
}
