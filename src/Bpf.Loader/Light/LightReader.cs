using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

/// <summary>Reads what <see cref="LightWriter"/> wrote: names and numbers, no ELF and no BTF.</summary>
internal sealed class LightReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<BpfMapDefinition> _maps = [];
    private readonly List<BpfProgramDefinition> _programs = [];
    private readonly List<(int Map, uint Index, int Inner, int Program)> _slots = [];
    private readonly List<(BpfMapDefinition Map, int Length, int At)> _values = [];
    private int _at;

    private LightReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <exception cref="BpfFormatException">They are none, or damaged.</exception>
    public static LightContents Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new LightReader(bytes);
        reader.ReadHead();
        string name = reader.Text(), license = reader.Text();
        bool isBound = reader.Flag();
        uint check = reader.Number();
        int externs = reader.Count();
        reader.List(reader.ReadMap);
        List<BpfGlobal> globals = reader.List(reader.ReadGlobal);
        List<BpfExternDefinition> config = reader.List(reader.ReadConfig);
        reader.List(reader.ReadProgram);
        List<LoaderStep> steps = reader.List(reader.ReadStep);
        ReadOnlyMemory<byte> instructions = reader.Block(), data = reader.Block();
        if (instructions.Length == 0 || instructions.Length % BpfInstruction.Size != 0 || data.Length == 0 || steps.Count == 0) throw Bad(reader._at);
        if ((ulong)check + LoaderForm.CheckLength > (ulong)(instructions.Length / BpfInstruction.Size)) throw Bad(reader._at);
        var context = new LoaderContext(reader._maps.Count, reader._programs.Count, externs);
        if (!context.IsReachable) throw Bad(reader._at);
        reader.PutValues(data.Span);
        reader.PutSlots();
        var file = new BpfObjectFile(name, license, reader._maps, reader._programs, globals, config);
        return new LightContents(file, steps, context, instructions, data, [.. reader._values.Select(static value => (value.Map.MaxEntries, value.At))], isBound, (int)check);
    }

    private void ReadHead()
    {
        if (!_bytes.Span.StartsWith(LightFormat.Magic)) throw new BpfFormatException("The bytes are no light object: they do not begin with BPFLIGHT.");
        _at = LightFormat.Magic.Length;
        uint version = Number(), order = Number();
        if (order != LightFormat.ByteOrder) throw new BpfFormatException("The light object is for machines of the other byte order: make it on one of that order.", null, null, BpfDiagnosticId.ForeignByteOrder);
        if (version != LightFormat.Version) throw new BpfFormatException($"The light object is of version {version}, and this library reads {LightFormat.Version}: make it again with the tool that goes with the library.");
    }

    private BpfMapDefinition ReadMap()
    {
        string name = Text(), kernelName = Text(), section = Text();
        var map = new BpfMapDefinition(name, (BpfMapKind)Number()) { KernelName = kernelName, SectionName = section };
        map.Type = (BpfMapType)Number();
        map.KeySize = Number();
        map.ValueSize = Number();
        map.MaxEntries = Number();
        map.Flags = (BpfMapFlags)Number();
        map.MapExtra = Number() | ((ulong)Number() << 32);
        map.NumaNode = Number();
        map.InterfaceIndex = Number();
        map.AutoCreate = Flag();
        (uint innerType, uint innerEntries) = (Number(), Number());
        if (innerType != 0) map.InnerMap = new BpfMapDefinition(name, BpfMapKind.User) { Type = (BpfMapType)innerType, MaxEntries = innerEntries };
        _values.Add((map, Count(int.MaxValue), (int)Number()));
        int index = _maps.Count;
        _maps.Add(map);
        List(() =>
        {
            _slots.Add((index, Number(), (int)Number(), (int)Number()));
            return index;
        });
        return map;
    }

    private BpfGlobal ReadGlobal()
    {
        string name = Text();
        uint map = Number(), offset = Number(), size = Number();
        bool isStatic = Flag();
        if (map >= (uint)_maps.Count || (ulong)offset + size > (ulong)_values[(int)map].Length) throw Bad(_at);
        return new BpfGlobal(name, _maps[(int)map], offset, size, default, isStatic);
    }

    private BpfExternDefinition ReadConfig()
    {
        string name = Text();
        var value = new BpfExternDefinition(name, BpfExternKind.KernelConfig)
        {
            IsWeak = Flag(),
            ConfigType = (KernelConfigType)Number(),
            IsSigned = Flag(),
            Size = Number(),
            Offset = Number(),
            EssentialName = name,
        };
        int map = _maps.FindIndex(static map => map.Kind == BpfMapKind.KernelConfig);
        if (map < 0 || (ulong)value.Offset + value.Size > (ulong)_values[map].Length) throw Bad(_at);
        return value;
    }

    private BpfProgramDefinition ReadProgram()
    {
        string name = Text(), section = Text();
        var function = new BpfFunction
        {
            Name = name,
            SectionName = section,
            SectionIndex = -1,
            FirstInstruction = 0,
            InstructionCount = 0,
            IsSubProgram = false,
            Binding = ElfSymbolBinding.Global,
            IsHidden = false,
        };
        var program = new BpfProgramDefinition(function, section, SectionTable.Find(section), autoLoad: true)
        {
            Type = (BpfProgramType)Number(),
            ExpectedAttachType = (BpfAttachType)Number(),
            Flags = (BpfProgramFlags)Number(),
            InterfaceIndex = Number(),
            AutoAttach = Flag(),
        };
        bool hasTarget = Flag();
        string target = Text();
        program.AttachTarget = hasTarget ? target : null;
        _programs.Add(program);
        return program;
    }

    private LoaderStep ReadStep()
    {
        var command = (BpfCommand)Number();
        int program = (int)Number();
        return program >= _programs.Count ? throw Bad(_at) : new LoaderStep(command, Text(), program);
    }

    private void PutValues(ReadOnlySpan<byte> data)
    {
        foreach ((BpfMapDefinition map, int length, int at) in _values)
        {
            // Of variables the kernel takes as many bytes as the value has; other maps have none.
            if (length != (map.IsInternal ? map.ValueSize : 0)) throw Bad(_at);
            if (length == 0) continue;
            if (at == LightFormat.NoValue) map.SetZeroInitialValue(length);
            else if (at < 0 || (long)at + length > data.Length) throw Bad(_at);
            else map.SetInitialValue(data.Slice(at, length));
        }
    }

    private void PutSlots()
    {
        var slots = new Dictionary<int, List<BpfMapSlot>>();
        foreach ((int map, uint index, int inner, int program) in _slots)
        {
            if (inner >= _maps.Count || program >= _programs.Count) throw Bad(_at);
            if (!slots.TryGetValue(map, out List<BpfMapSlot>? list)) slots.Add(map, list = []);
            list.Add(new BpfMapSlot(index, inner < 0 ? null : _maps[inner], program < 0 ? null : _programs[program]));
        }

        foreach ((int map, List<BpfMapSlot> list) in slots) _maps[map].InitialSlots = list;
    }

    private List<T> List<T>(Func<T> read)
    {
        int count = Count();
        var items = new List<T>();
        for (int i = 0; i < count; i++) items.Add(read());
        return items;
    }

    private string Text() => Encoding.UTF8.GetString(Block().Span);

    private ReadOnlyMemory<byte> Block()
    {
        int length = Count();
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    // Each takes a byte at least, so there are no more than bytes.
    private int Count() => Count(_bytes.Length - _at - sizeof(uint));

    private int Count(int most)
    {
        uint count = Number();
        return count <= (uint)most ? (int)count : throw Bad(_at - sizeof(uint));
    }

    private bool Flag() => Number() != 0;

    private uint Number()
    {
        if (_bytes.Length - _at < sizeof(uint)) throw Bad(_at);
        uint value = MemoryMarshal.Read<uint>(_bytes.Span[_at..]);
        _at += sizeof(uint);
        return value;
    }

    private static BpfFormatException Bad(int at) => new("The light object is damaged.", null, at);
}
