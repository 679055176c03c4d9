using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Loading;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Light;

/// <summary>
/// Makes of an object a program that loads it: one that runs in the kernel, creates the maps, looks up externs and attach targets, has the
/// kernel carry out CO-RE, and loads the programs. Pure: it is made on any machine.
/// </summary>
/// <remarks>
/// It is written out step by step and has no loop: what it does can be read off its code, and the verifier goes through it once. Programs refer
/// to maps by their place in fd_array, which is that of libbpf's light skeletons, and so are the tags.
/// </remarks>
internal sealed partial class LoaderProgram
{
    // MAX_USED_MAPS of libbpf's gen_loader.c: the descriptors of modules begin after so many maps.
    private const int MapPlaces = 64;

    // What the kernel is told of: up to map_extra (5.16), core_relo_rec_size (5.17); older ones take what is longer when its end is zero.
    private const uint MapCreateSize = 72, ProgramLoadSize = 140, BtfLoadSize = 28;

    private readonly BpfObjectFile _file;
    private readonly bool _isBound;
    private readonly LoaderData _data = new();
    private readonly LoaderCode _code = new();
    private readonly List<LoaderStep> _steps = [];
    private readonly BpfMapDefinition[] _maps;
    private readonly LinkedProgram[] _programs;
    private readonly Dictionary<BpfMapDefinition, int> _values = [];
    private readonly LoaderExterns _externs;
    private readonly LoaderContext _context;
    private readonly byte[] _types;

    private LoaderProgram(BpfObjectFile file, bool isBound)
    {
        _file = file;
        _isBound = isBound;
        _maps = [.. file.Maps];
        var relocator = new ObjectRelocator(file, null, null);
        _programs = [.. file.Programs.Where(static program => program.AutoLoad).Select(relocator.Link)];
        LightRefusals.Check(file, _programs);
        if (isBound) LightRefusals.CheckBound(file);
        _types = file.Btf is null ? [] : ObjectTypes.Describe(file).ToArray();
        _externs = new LoaderExterns(file, _programs);
        _context = new LoaderContext(_maps.Length, _programs.Length, _externs.Count);
        if (!_context.IsReachable) throw LightRefusals.TooLarge(file);
    }

    /// <summary>The program.</summary>
    public BpfInstruction[] Instructions { get; private set; } = [];

    /// <summary>What it works on.</summary>
    public byte[] Data { get; private set; } = [];

    /// <summary>What it does, in order.</summary>
    public IReadOnlyList<LoaderStep> Steps => _steps;

    /// <summary>The programs that it loads.</summary>
    public IEnumerable<BpfProgramDefinition> Programs => _programs.Select(static program => program.Definition);

    /// <summary>Of one that is bound, where it looks whether its data are for it alone.</summary>
    public int ExclusiveCheck { get; private set; }

    /// <summary>How many things it looks up in the kernel's types.</summary>
    public int ExternCount => _externs.Count;

    /// <summary>Where the value of a map stands in the data; -1 when it is all zeros, or none.</summary>
    public int FindValue(BpfMapDefinition map) => _values.GetValueOrDefault(map, -1);

    /// <summary>Makes the program.</summary>
    /// <param name="file">The object; it is changed.</param>
    /// <param name="isBound">Whether it works with its data only, unchanged, and takes nothing from the caller.</param>
    /// <exception cref="BpfNotSupportedException">The object has something that cannot be loaded so.</exception>
    public static LoaderProgram Make(BpfObjectFile file, bool isBound)
    {
        LogSites.Number(file);
        foreach (BpfMapDefinition map in file.Maps) BpfMapRules.Complete(map, 0);
        var made = new LoaderProgram(file, isBound);
        made.Write();
        return made;
    }

    private void Write()
    {
        int[] hash = [];
        if (_isBound)
        {
            Begin(BpfCommand.ProgTestRun, "its own data, which is not what the program was made with");
            hash = _code.CheckData(out int exclusive);
            ExclusiveCheck = exclusive;
        }

        // Arguments come first, so that one instruction reaches them, and what is long after them.
        _ = _data.Reserve((Math.Max(MapPlaces, _maps.Length) + _externs.FunctionCount) * sizeof(int));
        _externs.Place(_data);
        int types = _types.Length == 0 ? -1 : _data.Add(new BtfLoadAttr { BtfSize = (uint)_types.Length }, BtfLoadSize);
        MapArguments[] maps = [.. _maps.Select(Place)];
        int[] programs = [.. _programs.Select(Place)];

        if (types >= 0) LoadTypes(types);
        for (int i = 0; i < _maps.Length; i++)
        {
            if (_maps[i].AutoCreate) Create(i, maps[i]);
        }

        FillOuterMaps();
        _externs.Find(_data, _code, _context, Math.Max(MapPlaces, _maps.Length), Begin);
        for (int i = 0; i < _programs.Length; i++) Load(i, programs[i]);
        FillProgramArrays();
        _code.CloseAt(_context.ObjectTypesDescriptor);
        for (int i = 0; i < _externs.Count; i++) _code.CloseAt(_context.Extern(i));
        Data = _data.ToArray();
        Instructions = _code.End(_context);
        if (_isBound) PutHash(hash);
    }

    private void PutHash(int[] places)
    {
        // The kernel hashes the value of the map, which has the length of the data: both are multiples of eight.
        ReadOnlySpan<uint> hash = MemoryMarshal.Cast<byte, uint>(SHA256.HashData(Data));
        for (int i = 0; i < places.Length; i++)
        {
            Instructions[places[i]].Immediate = (int)hash[i * 2];
            Instructions[places[i] + 1].Immediate = (int)hash[(i * 2) + 1];
        }
    }

    private void LoadTypes(int arguments)
    {
        const int LogBuffer = 8, LogSize = 20, LogLevel = 24;
        _code.Point(arguments, _data.Add(_types));
        _code.FromContext(BpfAccessSize.DoubleWord, arguments + LogBuffer, LoaderContext.LogBuffer);
        _code.FromContext(BpfAccessSize.Word, arguments + LogSize, LoaderContext.LogSize);
        _code.FromContext(BpfAccessSize.Word, arguments + LogLevel, LoaderContext.LogLevel);
        Begin(BpfCommand.BtfLoad, $"the BTF of '{_file.Name}'");
        _code.Call(BpfCommand.BtfLoad, arguments, BtfLoadSize);
        _code.Keep(_context.ObjectTypesDescriptor);
    }

    private void Begin(BpfCommand command, string what, int program = -1)
    {
        _code.Begin(_steps.Count);
        _steps.Add(new LoaderStep(command, what, program));
    }
}
