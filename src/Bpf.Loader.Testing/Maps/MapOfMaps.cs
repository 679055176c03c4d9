using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Arrays and hash maps of maps: a look-up gives the inner map.</summary>
internal sealed class MapOfMaps(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly KeyIndex _index = new((int)definition.KeySize);
    private readonly List<BpfMachineMap?> _maps = [];

    public override int Count => _index.Count;

    public override IEnumerable<byte[]> Keys => _index.Keys;

    /// <summary>The map of a key; null when there is none.</summary>
    public BpfMachineMap? Find(ReadOnlySpan<byte> key)
    {
        int slot = _index.Find(key);
        return slot < 0 ? null : _maps[slot];
    }

    /// <summary>Puts a map at a key.</summary>
    /// <exception cref="ArgumentException">The kernel would refuse it: the map is of another kind than the object describes, or there is no such key.</exception>
    /// <exception cref="InvalidOperationException">There is no room.</exception>
    public void Set(ReadOnlySpan<byte> key, BpfMachineMap map)
    {
        if (FindRefusal(key, map) is { } reason) throw new ArgumentException(reason);
        int slot = _index.Find(key);
        if (slot < 0)
        {
            if ((uint)_index.Count >= MaxEntries) throw new InvalidOperationException($"Map '{Name}' is full: it has {MaxEntries} entries.");
            slot = _index.Add(key);
        }

        while (_maps.Count <= slot) _maps.Add(null);
        _maps[slot] = map;
    }

    /// <summary>Why the kernel would not put a map at a key; null when it would.</summary>
    public string? FindRefusal(ReadOnlySpan<byte> key, BpfMachineMap map)
    {
        if (key.Length != KeySize) return $"The keys of map '{Name}' have {KeySize} bytes, and {key.Length} were given.";
        if (Type == BpfMapType.ArrayOfMaps && MemoryMarshal.Read<uint>(key) is var at && at >= MaxEntries) return $"Map '{Name}' has {MaxEntries} entries, and none at {at}.";
        return Definition.InnerMap is { } inner && !IsLike(map.Definition, inner)
            ? $"Map '{map.Name}' ({Describe(map.Definition)}) is not like those that map '{Name}' holds ({Describe(inner)})."
            : null;
    }

    // bpf_map_meta_equal of kernel/bpf/map_in_map.c, and array_map_meta_equal of arraymap.c.
    private static bool IsLike(BpfMapDefinition map, BpfMapDefinition inner) =>
        map.Type == inner.Type && map.KeySize == inner.KeySize && map.ValueSize == inner.ValueSize && map.Flags == inner.Flags
        && (map.Type != BpfMapType.Array || (inner.Flags & BpfMapFlags.InnerMap) != 0 || map.MaxEntries == inner.MaxEntries);

    private static string Describe(BpfMapDefinition map) => $"{map.Type}, keys of {map.KeySize} bytes, values of {map.ValueSize}, {map.MaxEntries} entries, flags {map.Flags}";

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu) => Find(key)?.Handle ?? 0;

    internal override long Drop(ReadOnlySpan<byte> key) => _index.Remove(key) < 0 ? Error.NoEntry : 0;
}
