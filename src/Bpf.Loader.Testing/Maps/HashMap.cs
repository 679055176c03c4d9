using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Hash maps, with one value an element or one a CPU; the LRU kinds make room by removing what was used longest ago.</summary>
internal sealed class HashMap : BpfMachineMap
{
    private readonly CpuStores _values;
    private readonly KeyIndex _index;
    private readonly LinkedList<int>? _byAge;
    private readonly List<LinkedListNode<int>?> _nodes = [];

    public HashMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition)
    {
        _index = new KeyIndex(KeySize);
        if (definition.Type is BpfMapType.LruHash or BpfMapType.LruPerCpuHash) _byAge = new LinkedList<int>();
        _values = new CpuStores(this, definition.Type is BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash);
    }

    public override int Count => _index.Count;

    public override IEnumerable<byte[]> Keys => _index.Keys;

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu)
    {
        int slot = _index.Find(key);
        if (slot < 0) return 0;
        Touch(slot);
        return _values[cpu].AddressOf(slot);
    }

    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        long error = Place(key, flags, out int slot);
        if (error != 0) return error;
        Overwrite(_values[Machine.Cpu], slot, value);
        return 0;
    }

    internal override long PutAll(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        long error = Place(key, flags, out int slot);
        if (error != 0) return error;
        foreach (ElementStore store in _values.All) Overwrite(store, slot, value);
        return 0;
    }

    internal override long Drop(ReadOnlySpan<byte> key)
    {
        int slot = _index.Remove(key);
        if (slot < 0) return Error.NoEntry;
        if (_byAge is not null) _byAge.Remove(_nodes[slot]!);
        Release(slot);
        return 0;
    }

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value)
    {
        int slot = _index.Find(key);
        if (slot < 0) return false;
        _values[cpu][slot].CopyTo(value);
        return true;
    }

    private long Place(ReadOnlySpan<byte> key, ulong flags, out int slot)
    {
        slot = -1;
        if ((flags & ~4UL) > 2) return Error.Invalid;
        slot = _index.Find(key);
        if (slot >= 0)
        {
            Touch(slot);
            return (flags & 1) != 0 ? Error.Exists : 0;
        }

        if ((flags & 2) != 0) return Error.NoEntry;
        if ((uint)_index.Count >= MaxEntries)
        {
            if (_byAge is null) return Error.TooBig;
            int oldest = _byAge.First!.Value;
            _index.Remove(_index.KeyAt(oldest).ToArray());
            _byAge.RemoveFirst();
            Release(oldest);
        }

        slot = _index.Add(key);
        // pcpu_init_value of kernel/bpf/hashtab.c: a new element has zeros for the other CPUs.
        foreach (ElementStore store in _values.All) store[slot].Clear();
        if (_byAge is null) return 0;
        while (_nodes.Count <= slot) _nodes.Add(null);
        _byAge.AddLast(_nodes[slot] ??= new LinkedListNode<int>(slot));
        return 0;
    }

    private void Release(int slot)
    {
        foreach (ElementStore store in _values.All) Release(store, slot);
    }

    private void Touch(int slot)
    {
        if (_byAge is null) return;
        LinkedListNode<int> node = _nodes[slot]!;
        _byAge.Remove(node);
        _byAge.AddLast(node);
    }
}
