using System;

namespace Bpf.Loader.Testing.Maps;

/// <summary>The values of a map, one an element or one a CPU, whose programs may not write them where the map says so.</summary>
internal sealed class CpuStores
{
    private readonly ElementStore[] _stores;

    public CpuStores(BpfMachineMap map, bool isPerCpu)
    {
        bool isWritable = (map.Definition.Flags & BpfMapFlags.ReadOnlyProgram) == 0;
        _stores = new ElementStore[isPerCpu ? map.Machine.CpuCount : 1];
        for (int i = 0; i < _stores.Length; i++) _stores[i] = new ElementStore(map.Memory, map, map.ValueSize, isWritable);
    }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<ElementStore> All => _stores;

    /// <summary>That of a CPU.</summary>
    public ElementStore this[int cpu] => _stores[_stores.Length == 1 ? 0 : cpu];
}
