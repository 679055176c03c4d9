using System;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>The older storage of cgroups, of which a program has that of the cgroup it is attached to (<c>bpf_get_local_storage</c>).</summary>
internal sealed class CgroupStorageMap : BpfMachineMap
{
    private readonly CpuStores _values;

    public CgroupStorageMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition) => _values = new CpuStores(this, definition.Type == BpfMapType.PerCpuCgroupStorage);

    public override int Count => 1;

    /// <summary>The address of the value for the running program.</summary>
    public ulong Local(int cpu) => _values[cpu].AddressOf(0);

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value)
    {
        _values[cpu][0].CopyTo(value);
        return true;
    }

    internal override long PutAll(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        foreach (ElementStore store in _values.All) value.CopyTo(store[0]);
        return 0;
    }
}
