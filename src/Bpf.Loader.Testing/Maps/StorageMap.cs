using System;
using System.Collections.Generic;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Values that belong to sockets, tasks, inodes or cgroups: a key is the address of the owner.</summary>
internal sealed class StorageMap(BpfMachine machine, BpfMapDefinition definition) : BpfMachineMap(machine, definition)
{
    private readonly Dictionary<ulong, int> _slots = [];
    private readonly Stack<int> _free = [];
    private ElementStore? _values;
    private int _next;

    public override int Count => _slots.Count;

    private ElementStore Values => _values ??= new ElementStore(Memory, this, ValueSize, isWritable: true);

    /// <summary>The bytes of an owner's value, made when they are not there yet.</summary>
    public Span<byte> At(ulong owner) => Values[SlotOf(owner, create: true)];

    /// <summary>True when an owner has a value.</summary>
    public bool Contains(ulong owner) => _slots.ContainsKey(owner);

    /// <summary>The address of an owner's value; 0 when it has none and none shall be made.</summary>
    /// <param name="owner">The address of the owner.</param>
    /// <param name="create">True to make one.</param>
    /// <param name="initial">What a new one holds; empty for zeros.</param>
    public ulong AddressOf(ulong owner, bool create, ReadOnlySpan<byte> initial = default)
    {
        bool isNew = !_slots.ContainsKey(owner);
        int slot = SlotOf(owner, create);
        if (slot < 0) return 0;
        if (isNew && !initial.IsEmpty) Overwrite(Values, slot, initial);
        return Values.AddressOf(slot);
    }

    /// <summary>Removes an owner's value.</summary>
    public bool Remove(ulong owner)
    {
        if (!_slots.Remove(owner, out int slot)) return false;
        Release(Values, slot);
        _free.Push(slot);
        return true;
    }

    private int SlotOf(ulong owner, bool create)
    {
        if (_slots.TryGetValue(owner, out int slot)) return slot;
        if (!create) return -1;
        if (!_free.TryPop(out slot)) slot = _next++;
        Values[slot].Clear();
        return _slots[owner] = slot;
    }
}
