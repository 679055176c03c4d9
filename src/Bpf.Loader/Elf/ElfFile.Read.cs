using System;

namespace Bpf.Loader.Elf;

public sealed partial class ElfFile
{
    private const int HeaderSize = 64;
    private const ushort ExtendedIndex = 0xffff; // SHN_XINDEX: the real number is in section 0

    private const string Again = "Compile or copy it again: the end is missing, as when a copy, a download or a full disk broke it off.";

    private int _namesIndex = -1;

    /// <summary>Reads the headers of an ELF file; sections and symbols are checked when they are used.</summary>
    /// <exception cref="BpfFormatException">The file is not a 64-bit ELF file, or its headers are damaged.</exception>
    public static ElfFile Read(ReadOnlyMemory<byte> image)
    {
        ReadOnlySpan<byte> bytes = image.Span;
        if (bytes.Length < 4 || !bytes[..4].SequenceEqual("\u007fELF"u8))
            throw ForeignFile.Refuse(bytes);
        if (bytes.Length < HeaderSize)
            throw new BpfFormatException($"The file ends in the ELF header: it has {bytes.Length} bytes of {HeaderSize}.", null, bytes.Length, BpfDiagnosticId.Truncated, Again);
        if (bytes[4] != 2)
            throw Not64Bit(bytes);
        if (bytes[5] is not (1 or 2))
            throw new BpfFormatException($"The byte order {bytes[5]} is neither little-endian (1) nor big-endian (2).", null, 5, BpfDiagnosticId.Malformed);

        var file = new ElfFile(new MemoryBlock(image, isBigEndian: bytes[5] == 2));
        file.ReadSections();
        file.ReadProgramHeaders();
        return file;
    }

    private static BpfFormatException Not64Bit(ReadOnlySpan<byte> header)
    {
        if (header[4] != 1)
            return new BpfFormatException($"The ELF class {header[4]} is neither 32-bit nor 64-bit.", null, 4, BpfDiagnosticId.Not64Bit);
        var machine = (ElfMachine)(header[5] == 2 ? (header[18] << 8) | header[19] : header[18] | (header[19] << 8));
        return new BpfFormatException(
            $"The file is 32-bit ELF{(machine is ElfMachine.Bpf or ElfMachine.None ? "" : $" for {ForeignMachine.Name(machine)}")}; only 64-bit files are read.",
            null, 4, BpfDiagnosticId.Not64Bit, "Compile it with clang -target bpf -c, which writes 64-bit objects whatever machine it runs on.");
    }

    private void ReadSections()
    {
        ulong table = Block.UInt64(40);
        if (table == 0) return;
        if (Block.UInt16(58) != ElfSection.HeaderSize)
            throw new BpfFormatException($"Section headers take {Block.UInt16(58)} bytes instead of {ElfSection.HeaderSize}.", null, 58, BpfDiagnosticId.BadSection);
        if (table > int.MaxValue || !Block.Contains((long)table, ElfSection.HeaderSize))
            throw new BpfFormatException($"The section header table should be at file offset 0x{table:x}, but the file has {Block.Length} bytes: it is truncated.", null, 40, BpfDiagnosticId.Truncated, Again);

        // Files with 65,280 sections or more keep both numbers in the null section.
        var first = new ElfSection(this, 0, (int)table);
        ulong count = Block.UInt16(60);
        if (count == 0) count = first.Size;
        uint names = Block.UInt16(62);
        if (names == ExtendedIndex) names = first.Link;

        if (count > (ulong)Block.Length / ElfSection.HeaderSize || !Block.Contains((long)table, (long)count * ElfSection.HeaderSize))
            throw new BpfFormatException($"The table of {count} section headers goes beyond the end of the file of {Block.Length} bytes: it is truncated.", null, (long)table, BpfDiagnosticId.Truncated, Again);
        Sections = new ElfSectionCollection(this, (int)table, (int)count);
        if (count == 0) return;

        if (names == 0 || names >= count || Sections[(int)names].Type != ElfSectionType.StringTable)
            throw new BpfFormatException($"The section names should be in section {names}, which is not a string table.", null, 62, BpfDiagnosticId.BadSection);
        _namesIndex = (int)names;
        _sectionNames = Sections[(int)names].Data;
    }

    private void ReadProgramHeaders()
    {
        ulong table = Block.UInt64(32);
        int count = Block.UInt16(56);
        if (table == 0 || count == 0) return;
        if (Block.UInt16(54) != ElfProgramHeader.RecordSize || table > int.MaxValue || !Block.Contains((long)table, (long)count * ElfProgramHeader.RecordSize))
            throw new BpfFormatException($"The table of {count} program headers at file offset 0x{table:x} is malformed or goes beyond the end of the file.", null, 32, BpfDiagnosticId.Truncated);

        var headers = new ElfProgramHeader[count];
        for (int i = 0; i < count; i++)
        {
            int at = (int)table + (i * ElfProgramHeader.RecordSize);
            headers[i] = new ElfProgramHeader(
                Block.UInt32(at), Block.UInt32(at + 4), Block.UInt64(at + 8), Block.UInt64(at + 16), Block.UInt64(at + 32), Block.UInt64(at + 40));
        }

        ProgramHeaders = headers;
    }
}
