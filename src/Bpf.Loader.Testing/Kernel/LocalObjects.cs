using System.Collections.Generic;
using Bpf.Loader.Testing.Helpers;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>The objects that programs make of their own types, and the lists and trees that they put them into, by the addresses of heads and roots.</summary>
internal sealed unsafe class LocalObjects(MachineMemory memory, Dictionary<ulong, MachineTimer> timers)
{
    private readonly Dictionary<ulong, LinkedList<ulong>> _lists = [];
    private readonly Dictionary<ulong, List<ulong>> _trees = [];
    private readonly Dictionary<ulong, ulong> _owners = [];
    private readonly Stack<ulong> _dropped = [];

    /// <summary>How many references the running program holds, which it must drop or keep somewhere.</summary>
    public int Held { get; set; }

    /// <summary>Makes an object, all of which is 0.</summary>
    /// <returns>Its address.</returns>
    public ulong New(LocalObject made, int size, int copies)
    {
        // What there is one of for each CPU is reached by bpf_this_cpu_ptr and bpf_per_cpu_ptr only.
        if (made.IsPerCpu) made.Addresses.Add(memory.AddressOf(memory.Add(RegionKind.Handle, [], 0, 0, isWritable: false, made)));
        for (int i = 0; i < copies; i++) made.Addresses.Add(memory.AddressOf(memory.Add(RegionKind.Kernel, MachineMemory.Allocate(size), 0, size, isWritable: true, made)));
        Held++;
        return made.Addresses[0];
    }

    /// <summary>The object at an address; null when none begins there.</summary>
    public LocalObject? Find(ulong address) => FindAround(address) is { } found && found.Addresses[0] == address ? found : null;

    /// <summary>The object that has a link of a kind at an address; null when there is none.</summary>
    public LocalObject? FindByLink(ulong address, SpecialFieldKind kind) =>
        FindAround(address) is { } found && found.Fields?.Has(kind, (long)(address - found.Addresses[0])) == true ? found : null;

    /// <summary>The list of a head.</summary>
    public LinkedList<ulong> ListAt(ulong head) => _lists.TryGetValue(head, out LinkedList<ulong>? list) ? list : _lists[head] = new LinkedList<ulong>();

    /// <summary>The tree of a root: its links in their order.</summary>
    public List<ulong> TreeAt(ulong root) => _trees.TryGetValue(root, out List<ulong>? tree) ? tree : _trees[root] = [];

    /// <summary>Lets a link belong to a head or root.</summary>
    /// <returns>False when it belongs to one already.</returns>
    public bool TryOwn(ulong link, ulong owner) => _owners.TryAdd(link, owner);

    /// <summary>True when a link belongs to a head or root.</summary>
    public bool IsOwnedBy(ulong link, ulong owner) => _owners.TryGetValue(link, out ulong found) && found == owner;

    /// <summary>Lets a link belong to nobody.</summary>
    public void Disown(ulong link) => _owners.Remove(link);

    /// <summary>True when an object is in a list or tree.</summary>
    public bool IsLinked(LocalObject held)
    {
        foreach (SpecialField field in held.Fields?.All ?? [])
        {
            if (_owners.ContainsKey(held.Addresses[0] + (ulong)field.Offset)) return true;
        }

        return false;
    }

    /// <summary>Gives up a reference, and with the last one the object and what it holds, however deep that goes.</summary>
    public void Drop(ulong address)
    {
        _dropped.Push(address);
        while (_dropped.TryPop(out ulong next))
        {
            if (Find(next) is not { } dropped || --dropped.References > 0) continue;
            if (dropped.Fields is { } fields) Empty(fields, next);
            foreach (ulong copy in dropped.Addresses) memory.Free(MachineMemory.IndexOf(copy));
        }
    }

    /// <summary>Lets go of what a value holds that is overwritten or removed (<c>bpf_obj_free_fields</c>).</summary>
    public void Release(SpecialFields fields, ulong address)
    {
        Empty(fields, address);
        // What was in there is dropped; to drop nothing does the rest.
        Drop(0);
    }

    private void Empty(SpecialFields fields, ulong address)
    {
        foreach (SpecialField field in fields.All)
        {
            ulong at = address + (ulong)field.Offset;
            switch (field.Kind)
            {
                case SpecialFieldKind.Timer:
                    timers.Remove(at);
                    break;
                case SpecialFieldKind.Pointer when memory.TryRead(at, sizeof(ulong)) is var pointer && pointer is not null:
                    if (*(ulong*)pointer != 0) _dropped.Push(*(ulong*)pointer);
                    *(ulong*)pointer = 0;
                    break;
                case SpecialFieldKind.ListHead when _lists.Remove(at, out LinkedList<ulong>? list):
                    foreach (ulong link in list) Unlink(link);
                    break;
                case SpecialFieldKind.TreeRoot when _trees.Remove(at, out List<ulong>? tree):
                    foreach (ulong link in tree) Unlink(link);
                    break;
            }
        }
    }

    private void Unlink(ulong link)
    {
        _owners.Remove(link);
        if (FindAround(link) is { } linked) _dropped.Push(linked.Addresses[0]);
    }

    private LocalObject? FindAround(ulong address) => memory.Find(address, out _) is { Kind: RegionKind.Kernel or RegionKind.Handle, Owner: LocalObject found } ? found : null;
}
