using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The header of an executable or library (<c>Elf64_Ehdr</c> or <c>Elf32_Ehdr</c>).</summary>
/// <param name="Form">How its numbers are written.</param>
/// <param name="Type">What it is.</param>
/// <param name="Machine">What it is for.</param>
/// <param name="Segments">Where the program headers are.</param>
/// <param name="SegmentSize">The size of one.</param>
/// <param name="SegmentCount">How many there are; 0xffff when section 0 says.</param>
/// <param name="Sections">Where the section headers are; 0 for none.</param>
/// <param name="SectionSize">The size of one.</param>
/// <param name="SectionCount">How many there are; 0 when section 0 says.</param>
/// <param name="NamesIndex">Which section has their names; 0xffff when section 0 says.</param>
internal readonly record struct BinaryHeader(
    ElfForm Form, ElfFileType Type, ElfMachine Machine,
    ulong Segments, int SegmentSize, int SegmentCount, ulong Sections, int SectionSize, int SectionCount, int NamesIndex)
{
    private const int Size64 = 64, Size32 = 52;

    /// <exception cref="BpfFormatException">It is no header of an ELF file.</exception>
    public static BinaryHeader Read(IBinaryBytes bytes)
    {
        Span<byte> header = stackalloc byte[Size64];
        header = header[..bytes.Read(0, header)];
        if (!header.StartsWith("\u007fELF"u8))
            throw new BpfFormatException("It is not an ELF file: it does not begin with 7f 45 4c 46.", null, 0, BpfDiagnosticId.NotElf);
        if (header.Length < Size32 || (header[4] == 2 && header.Length < Size64))
            throw new BpfFormatException($"It ends in the ELF header, after {header.Length} bytes.", null, header.Length, BpfDiagnosticId.Truncated);
        if (header[4] is not (1 or 2))
            throw new BpfFormatException($"Its ELF class {header[4]} is neither 32-bit (1) nor 64-bit (2).", null, 4, BpfDiagnosticId.Malformed);
        if (header[5] is not (1 or 2))
            throw new BpfFormatException($"Its byte order {header[5]} is neither little-endian (1) nor big-endian (2).", null, 5, BpfDiagnosticId.Malformed);

        var form = new ElfForm(header[4] == 2, header[5] == 2);
        int word = form.WordSize, counts = form.Is64Bit ? 54 : 42;
        return new BinaryHeader(
            form, (ElfFileType)form.UInt16(header[16..]), (ElfMachine)form.UInt16(header[18..]),
            form.Word(header[(24 + word)..]), form.UInt16(header[counts..]), form.UInt16(header[(counts + 2)..]),
            form.Word(header[(24 + word + word)..]), form.UInt16(header[(counts + 4)..]), form.UInt16(header[(counts + 6)..]), form.UInt16(header[(counts + 8)..]));
    }
}
