using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// The section headers of a binary. It runs without them, and nobody checks them: they only tell where symbols and notes may be
/// looked for.
/// </summary>
internal sealed class BinarySections
{
    private const int Size64 = 64, Size32 = 40;
    private const int ExtendedIndex = 0xffff; // SHN_XINDEX: the real number is in section 0
    private const ulong Most = 1 << 20;
    private const int LongestName = 64;

    private readonly BinarySection[] _sections;
    private readonly BinaryWindow? _names;

    private BinarySections(BinarySection[] sections, BinaryWindow? names, string? problem)
    {
        _sections = sections;
        _names = names;
        Problem = problem;
    }

    /// <summary>The sections; empty when there are none, or when their headers cannot be read.</summary>
    public IReadOnlyList<BinarySection> All => _sections;

    /// <summary>Why the headers cannot be read; null when they are read, or when there are none.</summary>
    public string? Problem { get; }

    /// <summary>Reads the headers. What is wrong with them is remembered, and no error.</summary>
    public static BinarySections Read(IBinaryBytes bytes, in BinaryHeader header)
    {
        int size = header.Form.Is64Bit ? Size64 : Size32;
        if (header.Sections == 0) return new BinarySections([], null, null);
        if (header.SectionSize != size) return Bad($"they take {header.SectionSize} bytes each instead of {size}");
        if (ReadFirst(bytes, header) is not BinarySection first) return Bad($"they should be at file offset 0x{header.Sections:x}, and the file has {bytes.Length} bytes");

        // Files with 65,280 sections or more keep both numbers in the null section.
        ulong count = header.SectionCount == 0 ? first.Size : (ulong)header.SectionCount;
        uint names = header.NamesIndex == ExtendedIndex ? first.Link : (uint)header.NamesIndex;
        if (count > Most || count * (ulong)size > (ulong)bytes.Length - header.Sections) return Bad($"the table of {count} headers goes beyond the end of the file");

        byte[] table = new byte[(int)count * size];
        if (bytes.Read((long)header.Sections, table) != table.Length) return Bad("they are cut off");
        var sections = new BinarySection[(int)count];
        for (int i = 0; i < sections.Length; i++) sections[i] = Decode(header.Form, table.AsSpan(i * size, size));
        BinaryWindow? texts = names < (uint)sections.Length && sections[names].Type == ElfSectionType.StringTable
            ? new BinaryWindow(bytes, sections[names].Offset, sections[names].Size, 4096)
            : null;
        return new BinarySections(sections, texts, null);
    }

    /// <summary>Section 0, which has numbers that the header has no room for; null when the headers are not where they should be.</summary>
    public static BinarySection? ReadFirst(IBinaryBytes bytes, in BinaryHeader header)
    {
        int size = header.Form.Is64Bit ? Size64 : Size32;
        Span<byte> first = stackalloc byte[size];
        if (header.Sections == 0 || header.Sections > (ulong)bytes.Length || bytes.Read((long)header.Sections, first) != size) return null;
        return Decode(header.Form, first);
    }

    /// <summary>The first section of a type.</summary>
    public BinarySection? Find(ElfSectionType type)
    {
        foreach (BinarySection section in _sections)
            if (section.Type == type) return section;
        return null;
    }

    /// <summary>The first section with a name.</summary>
    public BinarySection? Find(ReadOnlySpan<byte> name)
    {
        foreach (BinarySection section in _sections)
            if (HasName(section, name)) return section;
        return null;
    }

    /// <summary>The section with an index.</summary>
    public BinarySection? At(uint index) => index < (uint)_sections.Length ? _sections[index] : null;

    /// <summary>Whether a section bears a name of at most 63 bytes.</summary>
    public bool HasName(in BinarySection section, ReadOnlySpan<byte> name)
    {
        if (_names is null) return false;
        ReadOnlySpan<byte> text = _names.At(section.Name, LongestName);
        return text.Length > name.Length && text[name.Length] == 0 && text.StartsWith(name);
    }

    private static BinarySections Bad(string problem) => new([], null, problem);

    private static BinarySection Decode(ElfForm form, ReadOnlySpan<byte> header)
    {
        int word = form.WordSize;
        int links = 8 + (4 * word); // name, type, flags, address, offset, size
        return new BinarySection(
            form.UInt32(header), (ElfSectionType)form.UInt32(header[4..]), form.Word(header[(8 + word)..]), form.Word(header[(8 + (2 * word))..]),
            form.Word(header[(8 + (3 * word))..]), form.UInt32(header[links..]), form.UInt32(header[(links + 4)..]), form.Word(header[(links + 8 + word)..]));
    }
}
