using System;

namespace Bpf.Loader.Elf;

/// <summary>The bytes of an ELF file, of which what is needed is read: from the disk, from an archive, or from memory.</summary>
internal interface IBinaryBytes
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>Reads at an offset, as far as there is something.</summary>
    /// <returns>How many bytes were read.</returns>
    int Read(long offset, Span<byte> buffer);
}
