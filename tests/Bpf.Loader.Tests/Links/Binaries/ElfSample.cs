using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Tests.Links.Binaries;

/// <summary>Writes small ELF libraries for x86-64, for what real ones hold too much of.</summary>
internal sealed class ElfSample
{
    public const ulong TextAddress = 0x401000;
    public const ulong TextOffset = 0x1000;
    public const ulong DataAddress = 0x602000;
    public const ulong DataOffset = 0x2000;

    private readonly List<Section> _sections = [new("", 0, 0, 0, 0, [], 0, 0)];
    private readonly List<(uint Flags, ulong Offset, ulong Address, ulong Size)> _segments = [];

    public ElfSample()
    {
        Text = Add(".text", ElfSectionType.ProgramBits, new byte[0x800], TextAddress, TextOffset);
        Add(".data", ElfSectionType.ProgramBits, new byte[0x400], DataAddress, DataOffset);
        _segments.Add((5, TextOffset, TextAddress, 0x800));
        _segments.Add((6, DataOffset, DataAddress, 0x400));
    }

    /// <summary>The index of the code section.</summary>
    public int Text { get; }

    public int Add(string name, ElfSectionType type, byte[] data, ulong address = 0, ulong offset = 0, int link = 0, ulong entrySize = 0)
    {
        _sections.Add(new Section(name, (uint)type, address, offset, link, data, entrySize, 0));
        return _sections.Count - 1;
    }

    /// <summary>Adds a symbol table; a symbol is a name, its type and binding, its section and value.</summary>
    public void AddSymbols(ElfSectionType type, params (string Name, ElfSymbolType Type, ElfSymbolBinding Binding, int Section, ulong Value)[] symbols)
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        byte[] table = new byte[(symbols.Length + 1) * 24];
        for (int i = 0; i < symbols.Length; i++)
        {
            Span<byte> record = table.AsSpan((i + 1) * 24);
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)strings.Position);
            record[4] = (byte)(((int)symbols[i].Binding << 4) | (int)symbols[i].Type);
            BinaryPrimitives.WriteUInt16LittleEndian(record[6..], (ushort)symbols[i].Section);
            BinaryPrimitives.WriteUInt64LittleEndian(record[8..], symbols[i].Value);
            strings.Write(Encoding.UTF8.GetBytes(symbols[i].Name + '\0'));
        }

        bool isDynamic = type == ElfSectionType.DynamicSymbols;
        int link = Add(isDynamic ? ".dynstr" : ".strtab", ElfSectionType.StringTable, strings.ToArray());
        Add(isDynamic ? ".dynsym" : ".symtab", type, table, link: link, entrySize: 24);
    }

    /// <summary>Adds a version for each dynamic symbol, behind the null symbol; 0x8000 is added for those that are not the default.</summary>
    public void AddVersions(string[] names, params ushort[] ofSymbols)
    {
        byte[] versions = new byte[(ofSymbols.Length + 1) * 2];
        for (int i = 0; i < ofSymbols.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(versions.AsSpan((i + 1) * 2), ofSymbols[i]);
        Add(".gnu.version", ElfSectionType.GnuVersionSymbols, versions);

        byte[] definitions = new byte[names.Length * 28];
        int strings = Add(".verstr", ElfSectionType.StringTable, Encoding.UTF8.GetBytes('\0' + string.Join('\0', names) + '\0'));
        uint name = 1;
        for (int i = 0; i < names.Length; i++)
        {
            Span<byte> record = definitions.AsSpan(i * 28);
            BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)(i + 2)); // version 1 is the file itself
            BinaryPrimitives.WriteUInt32LittleEndian(record[12..], 20);
            BinaryPrimitives.WriteUInt32LittleEndian(record[16..], i + 1 < names.Length ? 28u : 0);
            BinaryPrimitives.WriteUInt32LittleEndian(record[20..], name);
            name += (uint)names[i].Length + 1;
        }

        Add(".gnu.version_d", ElfSectionType.GnuVersionDefinitions, definitions, link: strings);
    }

    /// <summary>The library as the loader reads it.</summary>
    public BinaryImage ToImage() => new(new MemoryBytes(ToArray()), "sample");

    public byte[] ToArray()
    {
        int namesIndex = Add(".shstrtab", ElfSectionType.StringTable, Encoding.UTF8.GetBytes(string.Join('\0', _sections.Select(s => s.Name)) + "\0.shstrtab\0"));
        var image = new MemoryStream();
        image.SetLength(0x3000);
        image.Position = 0x3000;
        uint nameAt = 0;
        byte[] headers = new byte[_sections.Count * 64];
        for (int i = 0; i < _sections.Count; i++)
        {
            Section section = _sections[i];
            ulong offset = section.Offset == 0 ? (ulong)image.Position : section.Offset;
            Span<byte> header = headers.AsSpan(i * 64);
            BinaryPrimitives.WriteUInt32LittleEndian(header, nameAt);
            nameAt += (uint)section.Name.Length + 1;
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], section.Type);
            BinaryPrimitives.WriteUInt64LittleEndian(header[16..], section.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], offset);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)section.Data.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)section.Link);
            BinaryPrimitives.WriteUInt64LittleEndian(header[56..], section.EntrySize);
            if (section.Offset == 0) image.Write(section.Data);
        }

        long table = image.Position;
        image.Write(headers);
        byte[] bytes = image.ToArray();
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)ElfFileType.Dynamic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), (ushort)ElfMachine.X64);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), (ulong)table);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(56), (ushort)_segments.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), (ushort)_sections.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), (ushort)namesIndex);
        for (int i = 0; i < _segments.Count; i++)
        {
            Span<byte> segment = bytes.AsSpan(64 + (i * 56));
            BinaryPrimitives.WriteUInt32LittleEndian(segment, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], _segments[i].Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(segment[8..], _segments[i].Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], _segments[i].Address);
            BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], _segments[i].Size);
            BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], _segments[i].Size);
        }

        return bytes;
    }

    private sealed record Section(string Name, uint Type, ulong Address, ulong Offset, int Link, byte[] Data, ulong EntrySize, uint Info);
}
