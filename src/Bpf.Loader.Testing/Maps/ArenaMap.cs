using System;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Maps;

/// <summary>An arena (Linux 6.9): pages that programs and user space share. Variables of the object are at its end.</summary>
internal sealed class ArenaMap : BpfMachineMap
{
    public const int PageSize = 4096;

    // More is never needed in a test, and would be taken from the test's own memory at once.
    private const long MaximumPages = 1 << 16;

    private readonly bool[] _used;
    private readonly byte[] _data;

    public ArenaMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition)
    {
        long pages = definition.MaxEntries;
        if (pages > MaximumPages) throw new NotSupportedException($"The arena '{definition.Name}' has {pages} pages, and those of the machine have at most {MaximumPages}: set MaxEntries before the object is loaded into it.");
        _data = MachineMemory.Allocate((int)(pages * PageSize));
        _used = new bool[pages];
        Address = Memory.AddressOf(Memory.Add(RegionKind.Arena, _data, 0, _data.Length, isWritable: true, this));
        int globals = (definition.InitialValue.Length + PageSize - 1) / PageSize;
        GlobalsOffset = (_used.Length - globals) * PageSize;
        if (globals == 0) return;
        Array.Fill(_used, true, _used.Length - globals, globals);
        definition.InitialValue.Span.CopyTo(_data.AsSpan(GlobalsOffset));
    }

    /// <summary>The address of the first page.</summary>
    public ulong Address { get; }

    /// <summary>Where the variables are.</summary>
    public int GlobalsOffset { get; }

    /// <summary>All pages.</summary>
    public Span<byte> Bytes => _data;

    /// <summary>True when bytes lie in pages that are allocated.</summary>
    public bool IsAllocated(long offset, long size) => _used[offset / PageSize] && _used[(offset + size - 1) / PageSize];

    /// <summary>Allocates pages (<c>bpf_arena_alloc_pages</c>).</summary>
    /// <returns>Their address; 0 when there are none left.</returns>
    public ulong Allocate(ulong wanted, uint count)
    {
        if (count == 0 || count > _used.Length) return 0;
        int first = 0, last = _used.Length - (int)count;
        if (wanted != 0)
        {
            ulong offset = wanted - Address;
            if (offset % PageSize != 0 || offset / PageSize > (ulong)last) return 0;
            first = last = (int)(offset / PageSize);
        }

        for (int at = first; at <= last; at++)
        {
            if (_used.AsSpan(at, (int)count).Contains(true)) continue;
            _used.AsSpan(at, (int)count).Fill(true);
            _data.AsSpan(at * PageSize, (int)count * PageSize).Clear();
            return Address + ((ulong)at * PageSize);
        }

        return 0;
    }

    /// <summary>Frees pages (<c>bpf_arena_free_pages</c>).</summary>
    public void Free(ulong address, uint count)
    {
        ulong first = (address - Address) / PageSize;
        for (ulong at = first; at < first + count && at < (ulong)_used.Length; at++) _used[at] = false;
    }
}
