using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Writes BPF objects that no compiler would, in the byte order of this machine.</summary>
internal sealed class ObjectBuilder
{
    private readonly List<Section> _sections = [new Section("", ElfSectionType.Null)];
    private readonly List<Symbol> _symbols = [new Symbol("", 0, 0, 0, 0, 0, 0)];
    private readonly Dictionary<int, Section> _relocations = [];
    private readonly Dictionary<string, uint> _shared = [];
    private byte[]? _image;

    public ElfFileType Type { get; set; } = ElfFileType.Relocatable;

    public ElfMachine Machine { get; set; } = ElfMachine.Bpf;

    /// <summary>What becomes the section <c>.BTF</c>; null for none.</summary>
    public BtfBuilder? Btf { get; set; }

    public bool HasSymbolTable { get; set; } = true;

    /// <summary>True to write each name once, however many symbols have it.</summary>
    public bool SharesNames { get; init; }

    /// <summary>The bytes of the file, to which nothing can be added any more.</summary>
    public byte[] Image => _image ??= Build();

    /// <summary>Adds a section, and tells its index.</summary>
    public int Add(string name, ElfSectionType type, ElfSectionFlags flags, byte[] data, ulong? size = null, uint info = 0, ulong entrySize = 0)
    {
        _sections.Add(new Section(name, type) { Flags = flags, Data = data, Size = size ?? (ulong)data.Length, Info = info, EntrySize = entrySize });
        return _sections.Count - 1;
    }

    public int AddData(string name, params byte[] data) => Add(name, ElfSectionType.ProgramBits, ElfSectionFlags.Allocate | ElfSectionFlags.Write, data);

    public int AddCode(string name, params BpfInstruction[] code)
    {
        byte[] data = new byte[code.Length * BpfInstruction.Size];
        for (int i = 0; i < code.Length; i++) code[i].Write(data.AsSpan(i * BpfInstruction.Size), !BitConverter.IsLittleEndian);
        return Add(name, ElfSectionType.ProgramBits, ElfSectionFlags.Allocate | ElfSectionFlags.Executable, data);
    }

    /// <summary>Adds a section of code with a global function of its own, <c>r0 = 0; exit</c>.</summary>
    public int AddProgram(string section, string name)
    {
        int index = AddCode(section, Return0);
        AddFunction(name, index, 0, 2);
        return index;
    }

    /// <summary>Adds a symbol, and tells its number.</summary>
    public int AddSymbol(
        string name, ElfSymbolBinding binding, ElfSymbolType type, int section, ulong value = 0, ulong size = 0, ElfSymbolVisibility visibility = ElfSymbolVisibility.Default)
    {
        _symbols.Add(new Symbol(name, binding, type, section, value, size, visibility));
        return _symbols.Count - 1;
    }

    public int AddFunction(string name, int section, int first, int count, ElfSymbolBinding binding = ElfSymbolBinding.Global) =>
        AddSymbol(name, binding, ElfSymbolType.Function, section, (ulong)first * 8, (ulong)count * 8);

    public int AddVariable(string name, int section, ulong value, ulong size, ElfSymbolVisibility visibility = ElfSymbolVisibility.Default) =>
        AddSymbol(name, ElfSymbolBinding.Global, ElfSymbolType.Object, section, value, size, visibility);

    public int AddExtern(string name, ElfSymbolBinding binding = ElfSymbolBinding.Global) => AddSymbol(name, binding, ElfSymbolType.None, 0);

    public void Relocate(int section, ulong offset, int symbol, uint type = 1)
    {
        if (!_relocations.TryGetValue(section, out Section? table))
        {
            table = _sections[Add(".rel" + _sections[section].Name, ElfSectionType.Relocations, 0, [], info: (uint)section, entrySize: 16)];
            _relocations.Add(section, table);
        }

        byte[] data = new byte[table.Data.Length + 16];
        table.Data.CopyTo(data, 0);
        Write64(data.AsSpan(table.Data.Length), offset);
        Write64(data.AsSpan(table.Data.Length + 8), ((ulong)symbol << 32) | type);
        table.Data = data;
        table.Size = (ulong)data.Length;
    }

    public BpfObjectFile Read(BpfOpenOptions? options = null) => BpfObjectFile.Read(Image, "test.bpf.o", options);

    /// <summary>Reads the object, which must be refused.</summary>
    public BpfFormatException Refuse(BpfOpenOptions? options = null) => Xunit.Assert.Throws<BpfFormatException>(() => Read(options));

    private byte[] Build()
    {
        if (Btf is not null) Add(".BTF", ElfSectionType.ProgramBits, 0, Btf.ToArray());
        if (HasSymbolTable) AddSymbolTable();
        _shared.Clear();
        var names = new List<byte> { 0 };
        int nameSection = Add(".shstrtab", ElfSectionType.StringTable, 0, []);
        uint[] nameOffsets = [.. _sections.ConvertAll(section => Intern(names, section.Name))];
        _sections[nameSection].Data = [.. names];
        _sections[nameSection].Size = (ulong)names.Count;

        var image = new List<byte>(new byte[64]);
        var headers = new List<byte>();
        for (int i = 0; i < _sections.Count; i++)
        {
            Section section = _sections[i];
            while (image.Count % 8 != 0) image.Add(0);
            byte[] header = new byte[64];
            Write32(header, nameOffsets[i]);
            Write32(header.AsSpan(4), (uint)section.Type);
            Write64(header.AsSpan(8), (ulong)section.Flags);
            Write64(header.AsSpan(24), (ulong)image.Count);
            Write64(header.AsSpan(32), section.Size);
            Write32(header.AsSpan(40), section.Link);
            Write32(header.AsSpan(44), section.Info);
            Write64(header.AsSpan(48), 8);
            Write64(header.AsSpan(56), section.EntrySize);
            headers.AddRange(header);
            image.AddRange(section.Data);
        }

        while (image.Count % 8 != 0) image.Add(0);
        int table = image.Count;
        image.AddRange(headers);
        byte[] file = [.. image];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = (byte)(BitConverter.IsLittleEndian ? 1 : 2);
        file[6] = 1;
        Write16(file.AsSpan(16), (ushort)Type);
        Write16(file.AsSpan(18), (ushort)Machine);
        Write32(file.AsSpan(20), 1);
        Write64(file.AsSpan(40), (ulong)table);
        Write16(file.AsSpan(52), 64);
        Write16(file.AsSpan(58), 64);
        Write16(file.AsSpan(60), (ushort)_sections.Count);
        Write16(file.AsSpan(62), (ushort)nameSection);
        return file;
    }

    private static BpfInstruction[] Return0 => [new(BpfOpCode.Alu64 | 0xb0, 0, 0, 0, 0), new(BpfOpCode.Exit, 0, 0, 0, 0)];

    private void AddSymbolTable()
    {
        var names = new List<byte> { 0 };
        byte[] data = new byte[_symbols.Count * 24];
        for (int i = 0; i < _symbols.Count; i++)
        {
            Span<byte> record = data.AsSpan(i * 24, 24);
            Write32(record, Intern(names, _symbols[i].Name));
            record[4] = (byte)(((int)_symbols[i].Binding << 4) | (int)_symbols[i].Type);
            record[5] = (byte)_symbols[i].Visibility;
            Write16(record[6..], (ushort)_symbols[i].SectionIndex);
            Write64(record[8..], _symbols[i].Value);
            Write64(record[16..], _symbols[i].Size);
        }

        int strings = Add(".strtab", ElfSectionType.StringTable, 0, [.. names]);
        _sections[Add(".symtab", ElfSectionType.SymbolTable, 0, data, info: 1, entrySize: 24)].Link = (uint)strings;
    }

    private uint Intern(List<byte> names, string name)
    {
        if (name.Length == 0) return 0;
        if (SharesNames && _shared.TryGetValue(name, out uint known)) return known;
        uint at = (uint)names.Count;
        names.AddRange(Encoding.UTF8.GetBytes(name));
        names.Add(0);
        if (SharesNames) _shared[name] = at;
        return at;
    }

    private static void Write16(Span<byte> at, ushort value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt16LittleEndian(at, value);
        else BinaryPrimitives.WriteUInt16BigEndian(at, value);
    }

    private static void Write32(Span<byte> at, uint value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(at, value);
        else BinaryPrimitives.WriteUInt32BigEndian(at, value);
    }

    private static void Write64(Span<byte> at, ulong value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt64LittleEndian(at, value);
        else BinaryPrimitives.WriteUInt64BigEndian(at, value);
    }

    private sealed class Section(string name, ElfSectionType type)
    {
        public string Name { get; } = name;

        public ElfSectionType Type { get; } = type;

        public ElfSectionFlags Flags { get; init; }

        public byte[] Data { get; set; } = [];

        public ulong Size { get; set; }

        public uint Link { get; set; }

        public uint Info { get; init; }

        public ulong EntrySize { get; init; }
    }

    private sealed record Symbol(
        string Name, ElfSymbolBinding Binding, ElfSymbolType Type, int SectionIndex, ulong Value, ulong Size, ElfSymbolVisibility Visibility);
}
