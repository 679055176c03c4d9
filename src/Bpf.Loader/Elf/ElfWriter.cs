using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Bpf.Loader.Elf;

/// <summary>Writes an object file for BPF: header, the data of the sections, section headers, as libelf lays them out.</summary>
internal sealed class ElfWriter(bool isBigEndian)
{
    private const int FileHeaderSize = 64;
    private const int FirstReservedIndex = 0xff00; // SHN_LORESERVE

    private readonly List<ElfOutputSection> _sections = [];

    /// <summary>The number that the next section gets; 0 is the null section.</summary>
    public int NextIndex => _sections.Count + 1;

    /// <summary>Appends a section.</summary>
    public void Add(ElfOutputSection section)
    {
        if (NextIndex >= FirstReservedIndex)
            throw new BpfFormatException($"There would be more than {FirstReservedIndex - 1} sections, which an object cannot have.", null, null, BpfDiagnosticId.BadSection);
        _sections.Add(section);
    }

    /// <summary>The whole file.</summary>
    /// <param name="namesSection">The number of the section that holds the names of the sections.</param>
    public byte[] ToArray(int namesSection)
    {
        int[] offsets = new int[_sections.Count];
        int end = FileHeaderSize;
        for (int i = 0; i < offsets.Length; i++)
        {
            ElfOutputSection section = _sections[i];
            end = Align(end, section.Alignment);
            offsets[i] = end;
            if (section.Type != ElfSectionType.NoBits) end = checked(end + section.Data.Length);
        }

        int table = Align(end, 8);
        byte[] file = new byte[checked(table + ((_sections.Count + 1) * ElfSection.HeaderSize))];
        WriteFileHeader(file, table, namesSection);
        for (int i = 0; i < offsets.Length; i++)
        {
            ElfOutputSection section = _sections[i];
            section.Data.Span.CopyTo(file.AsSpan(offsets[i]));
            WriteSectionHeader(file.AsSpan(table + ((i + 1) * ElfSection.HeaderSize)), section, offsets[i]);
        }

        return file;
    }

    private void WriteFileHeader(Span<byte> file, int table, int namesSection)
    {
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2; // ELFCLASS64
        file[5] = (byte)(isBigEndian ? 2 : 1);
        file[6] = 1; // EV_CURRENT
        Write16(file[16..], (ushort)ElfFileType.Relocatable);
        Write16(file[18..], (ushort)ElfMachine.Bpf);
        Write32(file[20..], 1);
        Write64(file[40..], (ulong)table);
        Write16(file[52..], FileHeaderSize);
        Write16(file[58..], ElfSection.HeaderSize);
        Write16(file[60..], (ushort)NextIndex);
        Write16(file[62..], (ushort)namesSection);
    }

    private void WriteSectionHeader(Span<byte> header, ElfOutputSection section, int offset)
    {
        Write32(header, section.Name);
        Write32(header[4..], (uint)section.Type);
        Write64(header[8..], (ulong)section.Flags);
        Write64(header[24..], (ulong)offset);
        Write64(header[32..], section.Type == ElfSectionType.NoBits ? section.Size : (ulong)section.Data.Length);
        Write32(header[40..], section.Link);
        Write32(header[44..], section.Info);
        Write64(header[48..], section.Alignment);
        Write64(header[56..], section.EntrySize);
    }

    private static int Align(int offset, ulong alignment)
    {
        if (alignment <= 1) return offset;
        ulong aligned = ((ulong)offset + alignment - 1) / alignment * alignment;
        return checked((int)aligned);
    }

    private void Write16(Span<byte> bytes, ushort value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
    }

    private void Write32(Span<byte> bytes, uint value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
    }

    private void Write64(Span<byte> bytes, ulong value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
    }
}
