using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>An executable or library: where its parts are mapped, and where its tables are. What is damaged is passed over.</summary>
internal sealed class ElfBinary : IDisposable
{
    private const uint Load = 1, Note = 4; // PT_LOAD, PT_NOTE
    private const ulong Executable = 4; // SHF_EXECINSTR
    private const int MostHeaders = 1 << 16, LargestNotes = 1 << 16, LongestName = 256;

    private readonly List<ElfSegment> _segments = [];
    private ElfSection[] _sections = [];
    private int _names;

    private ElfBinary(IBytes bytes, ElfForm form) => (Bytes, Form) = (bytes, form);

    /// <summary>Its bytes.</summary>
    public IBytes Bytes { get; }

    /// <summary>How its numbers are written.</summary>
    public ElfForm Form { get; }

    /// <summary>Its machine (e_machine).</summary>
    public ushort Machine { get; private set; }

    /// <summary>The number that the linker gave it, in hexadecimal; empty when it has none.</summary>
    public string BuildId { get; private set; } = "";

    /// <summary>Its sections; none when their headers are damaged or missing.</summary>
    public ReadOnlySpan<ElfSection> Sections => _sections;

    /// <summary>Reads the headers of a binary, which the result owns; null, with the bytes disposed, when it is none.</summary>
    public static ElfBinary? Read(IBytes bytes)
    {
        Span<byte> header = stackalloc byte[64];
        int length = bytes.Read(0, header);
        if (length < 52 || !header.StartsWith("\u007fELF"u8) || header[4] is not (1 or 2) || header[5] is not (1 or 2) || (header[4] == 2 && length < 64))
        {
            bytes.Dispose();
            return null;
        }

        var binary = new ElfBinary(bytes, new ElfForm(header[4] == 2, header[5] == 2));
        binary.ReadHeaders(header);
        return binary;
    }

    /// <summary>The address of what is at an offset of the file; false when that is not mapped.</summary>
    public bool TryGetAddress(ulong offset, out ulong address)
    {
        foreach (ElfSegment segment in _segments)
        {
            if (offset < segment.Offset || offset - segment.Offset >= segment.Size) continue;
            address = offset - segment.Offset + segment.Address;
            return true;
        }

        address = 0;
        return false;
    }

    /// <summary>The first section of a type, of which there is something in the file.</summary>
    public ElfSection? Find(uint type)
    {
        foreach (ElfSection section in _sections)
        {
            if (section.Type == type && section.Size > 0) return section;
        }

        return null;
    }

    /// <summary>The section of a name.</summary>
    public ElfSection? Find(string name)
    {
        if (_names >= _sections.Length) return null;
        foreach (ElfSection section in _sections)
        {
            if (section.Type != ElfSection.NoBits && ReadText(_sections[_names], section.Name) == name) return section;
        }

        return null;
    }

    /// <summary>A short text of a section.</summary>
    public string ReadText(in ElfSection section, ulong offset)
    {
        if (offset >= section.Size) return "";
        Span<byte> buffer = stackalloc byte[LongestName];
        buffer = buffer[..(int)Math.Min((ulong)buffer.Length, section.Size - offset)];
        buffer = buffer[..Bytes.Read((long)(section.Offset + offset), buffer)];
        int end = buffer.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(buffer[..end]);
    }

    public void Dispose() => Bytes.Dispose();

    private void ReadHeaders(ReadOnlySpan<byte> header)
    {
        int word = Form.WordSize, counts = Form.Is64Bit ? 54 : 42;
        Machine = Form.UInt16(header[18..]);
        ReadSections(Form.Word(header[(24 + word + word)..]), Form.UInt16(header[(counts + 4)..]), Form.UInt16(header[(counts + 6)..]), Form.UInt16(header[(counts + 8)..]));
        ReadSegments(Form.Word(header[(24 + word)..]), Form.UInt16(header[counts..]), Form.UInt16(header[(counts + 2)..]));
    }

    private void ReadSegments(ulong table, int size, int count)
    {
        if (size != (Form.Is64Bit ? 56 : 32)) return;
        byte[] headers = ReadTable(table, size, count);
        int offset = Form.Is64Bit ? 8 : 4, address = offset + Form.WordSize, length = Form.Is64Bit ? 32 : 16;
        for (int at = 0; at + size <= headers.Length; at += size)
        {
            ReadOnlySpan<byte> header = headers.AsSpan(at, size);
            var segment = new ElfSegment(Form.Word(header[offset..]), Form.Word(header[address..]), Form.Word(header[length..]));
            uint type = Form.UInt32(header);
            if (type == Load) _segments.Add(segment);
            else if (type == Note && BuildId.Length == 0) ReadNotes(segment.Offset, segment.Size);
        }
    }

    private void ReadSections(ulong table, int size, int count, int names)
    {
        if (table == 0 || size != (Form.Is64Bit ? 64 : 40)) return;
        byte[] headers = ReadTable(table, size, Math.Max(count, 1));
        if (headers.Length < size) return;

        // Files with 65,280 sections or more keep both numbers in the null section.
        ElfSection first = Decode(headers);
        if (count == 0) headers = ReadTable(table, size, (int)Math.Min(first.Size, MostHeaders));
        _names = names == 0xffff ? (int)Math.Min(first.Link, int.MaxValue) : names;
        _sections = new ElfSection[headers.Length / size];
        for (int i = 0; i < _sections.Length; i++) _sections[i] = Decode(headers.AsSpan(i * size, size));
    }

    private ElfSection Decode(ReadOnlySpan<byte> header)
    {
        int word = Form.WordSize, links = 8 + (4 * word); // name, type, flags, address, offset, size
        return new ElfSection(
            Form.UInt32(header), Form.UInt32(header[4..]), (Form.Word(header[8..]) & Executable) != 0, Form.Word(header[(8 + word + word)..]), Form.Word(header[(8 + (3 * word))..]),
            Form.UInt32(header[links..]));
    }

    private byte[] ReadTable(ulong offset, int size, int count)
    {
        if (count <= 0 || count > MostHeaders || offset > (ulong)Bytes.Length) return [];
        byte[] table = new byte[(int)Math.Min((long)size * count, Bytes.Length - (long)offset)];
        return table[..Bytes.Read((long)offset, table)];
    }

    private void ReadNotes(ulong offset, ulong size)
    {
        const uint BuildIdType = 3; // NT_GNU_BUILD_ID
        byte[] buffer = new byte[(int)Math.Min(size, LargestNotes)];
        ReadOnlySpan<byte> notes = buffer.AsSpan(0, Bytes.Read((long)Math.Min(offset, long.MaxValue), buffer));
        while (notes.Length >= 12)
        {
            ulong nameSize = Form.UInt32(notes), dataSize = Form.UInt32(notes[4..]), data = 12 + RoundUp(nameSize), next = data + RoundUp(dataSize);
            if (data + dataSize > (ulong)notes.Length) return;
            if (Form.UInt32(notes[8..]) == BuildIdType && nameSize == 4 && notes[12..].StartsWith("GNU\0"u8))
            {
                BuildId = Convert.ToHexStringLower(notes.Slice((int)data, (int)dataSize));
                return;
            }

            if (next > (ulong)notes.Length) return;
            notes = notes[(int)next..];
        }
    }

    private static ulong RoundUp(ulong size) => (size + 3) & ~3UL;
}
