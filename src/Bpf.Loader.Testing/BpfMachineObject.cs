using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing;

/// <summary>An object in the machine: its programs, maps and variables.</summary>
public sealed class BpfMachineObject
{
    private readonly Dictionary<string, BpfMachineMap> _maps = [];
    private readonly List<BpfMachineProgram> _all = [];
    private readonly Dictionary<string, BpfMachineProgram> _programs = [];
    private readonly Dictionary<BpfMapDefinition, BpfMachineMap> _byDefinition = [];

    internal BpfMachineObject(BpfMachine machine, BpfObjectFile file)
    {
        Machine = machine;
        File = file;
        foreach (BpfMapDefinition definition in file.Maps) Add(definition);
        foreach (BpfRelocatedProgram relocated in file.Relocate(machine.Types, new BpfRelocateOptions { KeepExterns = true }))
        {
            var program = new BpfMachineProgram(this, relocated);
            _all.Add(program);
            // Of two static ones with the same name, the first is found by it.
            _programs.TryAdd(program.Name, program);
        }

        foreach (BpfMapDefinition definition in file.Maps) Fill(definition);
    }

    /// <summary>The programs.</summary>
    public IReadOnlyCollection<BpfMachineProgram> Programs => _all;

    /// <summary>The maps, those of variables too.</summary>
    public IReadOnlyCollection<BpfMachineMap> Maps => _byDefinition.Values;

    /// <summary>The machine that it is in.</summary>
    public BpfMachine Machine { get; }

    /// <summary>The object as it was when it was loaded.</summary>
    public BpfObjectFile File { get; }

    /// <summary>A program by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public BpfMachineProgram Program(string name) => _programs.TryGetValue(name, out BpfMachineProgram? program)
        ? program
        : throw new KeyNotFoundException($"{File.Name} has no program '{name}'; it has {string.Join(", ", _programs.Keys)}.");

    /// <summary>A map by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public BpfMachineMap Map(string name) => _maps.TryGetValue(name, out BpfMachineMap? map)
        ? map
        : throw new KeyNotFoundException($"{File.Name} has no map '{name}'; it has {string.Join(", ", _maps.Keys)}.");

    /// <summary>A map with its keys and values as C# structs.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException">Keys or values have another size.</exception>
    public BpfMachineMap<TKey, TValue> Map<TKey, TValue>(string name)
        where TKey : unmanaged
        where TValue : unmanaged => new(Map(name));

    /// <summary>What programs sent by a ring buffer, or a perf buffer.</summary>
    /// <exception cref="KeyNotFoundException">There is no map of that name.</exception>
    /// <exception cref="ArgumentException">It is no ring or perf buffer.</exception>
    public BpfMachineRing<T> Ring<T>(string name)
        where T : unmanaged => new(Map(name));

    /// <summary>A queue, stack or bloom filter, of which the values are C# structs.</summary>
    /// <exception cref="KeyNotFoundException">There is no map of that name.</exception>
    /// <exception cref="ArgumentException">It is another kind of map, or values have another size.</exception>
    public BpfMachineQueue<T> Queue<T>(string name)
        where T : unmanaged => new(Map(name));

    /// <summary>A global variable, in place.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size.</exception>
    public ref T Global<T>(string name)
        where T : unmanaged
    {
        Span<byte> bytes = GlobalBytes(name);
        if (bytes.Length != Unsafe.SizeOf<T>()) throw new ArgumentException($"The variable {name} has {bytes.Length} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes));
    }

    /// <summary>The bytes of a global variable, in place.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Span<byte> GlobalBytes(string name)
    {
        if (!File.Globals.TryGet(name, out BpfGlobal? global))
            throw new KeyNotFoundException($"{File.Name} has no variable '{name}'; it has {string.Join(", ", File.Globals.Select(static each => each.Name))}.");
        return _byDefinition[global.Map] switch
        {
            ArrayMap section => section.At(0).Slice((int)global.Offset, (int)global.Size),
            ArenaMap arena => arena.Bytes.Slice(arena.GlobalsOffset + (int)global.Offset, (int)global.Size),
            _ => throw new KeyNotFoundException($"The variable '{name}' of {File.Name} is in no map that holds variables."),
        };
    }

    /// <summary>Puts a program into a program array.</summary>
    /// <exception cref="ArgumentException">It is no program array.</exception>
    public void SetTailCall(string map, uint index, BpfMachineProgram? program)
    {
        if (Map(map) is not ProgramArrayMap array) throw new ArgumentException($"Map '{map}' is no program array.", nameof(map));
        array.Set(index, program);
    }

    /// <summary>Puts a map into a map of maps.</summary>
    /// <exception cref="ArgumentException">It is no map of maps, has no such key, or holds maps of another kind.</exception>
    /// <exception cref="InvalidOperationException">There is no room.</exception>
    public void SetInnerMap<TKey>(string map, TKey key, BpfMachineMap inner)
        where TKey : unmanaged
    {
        if (Map(map) is not MapOfMaps outer) throw new ArgumentException($"Map '{map}' is no map of maps.", nameof(map));
        outer.Set(MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)), inner);
    }

    /// <summary>Makes another map as the object describes the inner maps of a map of maps.</summary>
    /// <exception cref="ArgumentException">It is no map of maps, or does not describe its inner maps.</exception>
    public BpfMachineMap NewInnerMap(string map) => Map(map).Definition.InnerMap is { } inner
        ? MapFactory.Create(Machine, inner, File.Btf)
        : throw new ArgumentException($"Map '{map}' does not describe its inner maps.", nameof(map));

    /// <summary>Writes a record into a ring that programs drain (<c>bpf_user_ringbuf_drain</c>).</summary>
    /// <exception cref="ArgumentException">It is no such ring.</exception>
    public void WriteUserRing(string map, ReadOnlySpan<byte> record)
    {
        if (Map(map) is not UserRingBufferMap ring) throw new ArgumentException($"Map '{map}' is no ring that programs drain.", nameof(map));
        ring.Write(record);
    }

    /// <summary>Says what a counter of a perf event array shows (<c>bpf_perf_event_read</c>).</summary>
    /// <exception cref="ArgumentException">It is no perf event array.</exception>
    public void SetCounter(string map, uint index, ulong value)
    {
        if (Map(map) is not PerfEventArrayMap counters) throw new ArgumentException($"Map '{map}' is no perf event array.", nameof(map));
        counters.Counters[index] = value;
    }

    internal BpfMachineMap Find(BpfMapDefinition definition) => _byDefinition[definition];

    internal ArenaMap? Arena => Maps.OfType<ArenaMap>().FirstOrDefault();

    private void Add(BpfMapDefinition definition)
    {
        BpfMapRules.Complete(definition, Machine.CpuCount);
        BpfMachineMap map = MapFactory.Create(Machine, definition, File.Btf);
        _byDefinition.Add(definition, map);
        _maps[definition.Name] = map;
        if (definition.IsInternal) _maps.TryAdd(definition.SectionName, map);
        if (!definition.IsInternal || map is not ArrayMap section) return;
        definition.InitialValue.Span.CopyTo(section.At(0));
        if (definition.Kind == BpfMapKind.KernelConfig) KernelConfigValues.Write(Machine, File, section.At(0));
    }

    private void Fill(BpfMapDefinition definition)
    {
        foreach (BpfMapSlot slot in definition.InitialSlots)
        {
            switch (_byDefinition[definition])
            {
                case ProgramArrayMap array when slot.Program is { } program:
                    array.Set(slot.Index, _programs[program.Name]);
                    break;
                case MapOfMaps outer when slot.Map is { } inner:
                    uint key = slot.Index;
                    ReadOnlySpan<byte> place = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
                    if (outer.FindRefusal(place, _byDefinition[inner]) is { } reason) throw new NotSupportedException($"No kernel takes it. {reason}");
                    outer.Set(place, _byDefinition[inner]);
                    break;
            }
        }
    }
}
