using System;
using System.Collections.Generic;
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
    public void Set(ReadOnlySpan<byte> key, BpfMachineMap map)
    {
        int slot = _index.Find(key);
        if (slot < 0)
        {
            if ((uint)_index.Count >= MaxEntries) throw new InvalidOperationException($"Map '{Name}' is full: it has {MaxEntries} entries.");
            slot = _index.Add(key);
        }

        while (_maps.Count <= slot) _maps.Add(null);
        _maps[slot] = map;
    }

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu) => Find(key)?.Handle ?? 0;

    internal override long Remove(ReadOnlySpan<byte> key) => _index.Remove(key) < 0 ? Error.NoEntry : 0;
}
