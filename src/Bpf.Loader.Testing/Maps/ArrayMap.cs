using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>Arrays, with one value an element or one a CPU; sections of variables are arrays of one element.</summary>
internal sealed class ArrayMap : BpfMachineMap
{
    private readonly CpuStores _values;

    public ArrayMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition) => _values = new CpuStores(this, definition.Type == BpfMapType.PerCpuArray);

    public override int Count => (int)MaxEntries;

    public override IEnumerable<byte[]> Keys => Enumerable.Range(0, (int)MaxEntries).Select(static i => BitConverter.GetBytes((uint)i));

    /// <summary>The bytes of an element.</summary>
    public Span<byte> At(uint index, int cpu = 0) => _values[cpu][(int)index];

    /// <summary>The address of an element.</summary>
    public ulong AddressOf(uint index, int cpu = 0) => _values[cpu].AddressOf((int)index);

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu)
    {
        uint index = MemoryMarshal.Read<uint>(key);
        return index < MaxEntries ? AddressOf(index, cpu) : 0;
    }

    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        long error = Check(key, flags, out uint index);
        if (error == 0) Overwrite(_values[Machine.Cpu], (int)index, value);
        return error;
    }

    internal override long PutAll(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        long error = Check(key, flags, out uint index);
        if (error != 0) return error;
        foreach (ElementStore store in _values.All) Overwrite(store, (int)index, value);
        return 0;
    }

    public override void Clear()
    {
        byte[] zeroes = new byte[ValueSize];
        foreach (byte[] key in Keys) PutAll(key, zeroes, 0);
    }

    internal override long Drop(ReadOnlySpan<byte> key) => Error.Invalid;

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value)
    {
        uint index = MemoryMarshal.Read<uint>(key);
        if (index >= MaxEntries) return false;
        At(index, cpu).CopyTo(value);
        return true;
    }

    // array_map_update_elem of kernel/bpf/arraymap.c.
    private long Check(ReadOnlySpan<byte> key, ulong flags, out uint index)
    {
        index = MemoryMarshal.Read<uint>(key);
        return (flags & ~4UL) > 2 ? Error.Invalid : index >= MaxEntries ? Error.TooBig : (flags & 1) != 0 ? Error.Exists : 0;
    }
}
