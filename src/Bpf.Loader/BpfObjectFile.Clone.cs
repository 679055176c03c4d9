using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    private BpfObjectFile(BpfObjectFile other)
    {
        Name = other.Name;
        License = other.License;
        KernelVersion = other.KernelVersion;
        IsBigEndian = other.IsBigEndian;
        Btf = other.Btf;
        BtfExt = other.BtfExt;
        JumpTables = other.JumpTables;
        EmbeddedBtf = other.EmbeddedBtf;
        Externs = other.Externs;
        _diagnostics = [.. other._diagnostics];

        Dictionary<BpfMapDefinition, BpfMapDefinition> maps = other.Maps.ToDictionary(map => map, map => map.Clone());
        BpfMapDefinition? MapOf(BpfMapDefinition? map) => map is null ? null : maps.GetValueOrDefault(map, map);

        BpfFunction CloneOf(BpfFunction function) => function.Clone(relocation => relocation with { Map = MapOf(relocation.Map) });
        Dictionary<BpfFunction, BpfFunction> functions = other.Functions.ToDictionary(function => function, CloneOf);
        Dictionary<BpfProgramDefinition, BpfProgramDefinition> programs = other.Programs.ToDictionary(
            program => program,
            // That of a copy, and code that was set, are not among the file's.
            program => program.Clone(functions.TryGetValue(program.Function, out BpfFunction? function) ? function : CloneOf(program.Function)));
        BpfProgramDefinition? ProgramOf(BpfProgramDefinition? program) => program is null ? null : programs.GetValueOrDefault(program, program);

        foreach (BpfMapDefinition map in maps.Values)
        {
            map.Owner = this;
            map.InitialSlots = [.. map.InitialSlots.Select(slot => new BpfMapSlot(slot.Index, MapOf(slot.Map), ProgramOf(slot.Program)))];
            map.StructOps = map.StructOps?.Clone(ProgramOf);
        }

        Functions = [.. other.Functions.Select(function => functions[function])];
        Programs = Collect([.. other.Programs.Select(program => programs[program])]);
        Maps = Collect([.. other.Maps.Select(map => maps[map])]);
        Globals = Collect([.. other.Globals.Select(global => new BpfGlobal(global.Name, maps[global.Map], global.Offset, global.Size, global.TypeId, global.IsStatic))]);
    }

    /// <summary>
    /// A copy whose programs, maps and variables can be changed without changing those of this one: to load one file several times
    /// with other sizes or constants, without reading it again.
    /// </summary>
    public BpfObjectFile Clone() => new(this);

    /// <summary>
    /// Adds a copy of a program, which is loaded beside it and shares the maps of the object: to attach one function to several targets, each with
    /// its own <see cref="BpfProgramDefinition.AttachTarget"/>, or to load it as several types.
    /// </summary>
    /// <param name="program">A program of this object.</param>
    /// <param name="name">The name of the copy.</param>
    /// <returns>The copy, the last of <see cref="Programs"/>, with all that was changed of the program so far.</returns>
    /// <exception cref="ArgumentException">The program is not of this object, or a program has that name.</exception>
    public BpfProgramDefinition AddCopy(BpfProgramDefinition program, string name)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!Programs.Contains(program)) throw new ArgumentException($"The program '{program.Name}' is not one of the object '{Name}'.", nameof(program));
        if (Programs.TryGet(name, out _)) throw new ArgumentException($"The object '{Name}' has a program '{name}' already.", nameof(name));
        BpfProgramDefinition copy = program.Clone(program.Function.Clone(static relocation => relocation, name));
        Programs.Add(copy);
        return copy;
    }

    private static BpfDefinitionCollection<BpfProgramDefinition> Collect(List<BpfProgramDefinition> programs) =>
        new(programs, "program", program => program.Name, Hint);

    // Data sections are found by the name of the section as well: .rodata for execsnoo.rodata.
    private static BpfDefinitionCollection<BpfMapDefinition> Collect(List<BpfMapDefinition> maps) =>
        new(maps, "map", map => map.Name, Hint, map => map.IsInternal ? map.SectionName : null);

    private static BpfDefinitionCollection<BpfGlobal> Collect(List<BpfGlobal> globals) =>
        new(globals, "global variable", global => global.Name, Hint);

    private static string? Hint(string wanted, IEnumerable<string> names) => CloseNames.Hint(wanted, names);
}
