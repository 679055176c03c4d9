using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Makes the map of each type.</summary>
internal static class MapFactory
{
    // Of one element, which is an array of .NET.
    private const uint MaximumSize = 1 << 30;

    /// <summary>Makes a map as an object file describes it.</summary>
    /// <param name="machine">The machine that it is for.</param>
    /// <param name="definition">What it is like.</param>
    /// <param name="types">The types of the object file; null when it has none.</param>
    /// <exception cref="NotSupportedException">The machine has no maps of that type, or no kernel takes such a map.</exception>
    public static BpfMachineMap Create(BpfMachine machine, BpfMapDefinition definition, BtfReader? types)
    {
        // A section of variables may be empty, and is no map in the kernel then.
        if (definition.Kind == BpfMapKind.User && BpfMapRules.FindBroken(definition) is { } broken) throw new NotSupportedException($"No kernel takes map '{definition.Name}' ({definition.Type}). {broken}");
        if (definition.KeySize > MaximumSize || definition.ValueSize > MaximumSize) throw new NotSupportedException($"The elements of map '{definition.Name}' have {definition.KeySize} and {definition.ValueSize} bytes, and the machine takes {MaximumSize} at most.");
        BpfMachineMap made = Create(machine, definition);
        if (made is RingBufferMap ring) machine.Rings.Add(ring);
        if (!definition.IsInternal) made.Fields = SpecialFields.Of(types, definition.BtfValueTypeId, made.ValueSize);
        return made;
    }

    private static BpfMachineMap Create(BpfMachine machine, BpfMapDefinition definition) => definition.Type switch
    {
        BpfMapType.Array or BpfMapType.PerCpuArray => new ArrayMap(machine, definition),
        BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.RHash => new HashMap(machine, definition),
        BpfMapType.LpmTrie => new LpmTrieMap(machine, definition),
        BpfMapType.ProgArray => new ProgramArrayMap(machine, definition),
        BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps => new MapOfMaps(machine, definition),
        BpfMapType.RingBuf => new RingBufferMap(machine, definition),
        BpfMapType.UserRingBuf => new UserRingBufferMap(machine, definition),
        BpfMapType.PerfEventArray => new PerfEventArrayMap(machine, definition),
        BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter => new QueueMap(machine, definition),
        BpfMapType.StackTrace => new StackTraceMap(machine, definition),
        BpfMapType.TaskStorage or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.CgrpStorage => new StorageMap(machine, definition),
        BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => new CgroupStorageMap(machine, definition),
        BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.SockHash
            or BpfMapType.ReusePortSockArray or BpfMapType.CgroupArray => new RedirectMap(machine, definition),
        BpfMapType.Arena => new ArenaMap(machine, definition),
        BpfMapType.StructOps => new StructOpsMap(machine, definition),
        _ => throw new NotSupportedException($"The machine has no maps of type {definition.Type} (map '{definition.Name}')."),
    };
}
