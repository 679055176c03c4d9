using Bpf.Loader;

namespace Bpf.Tool.Maps;

/// <summary>What the commands have to know of the types of maps.</summary>
internal static class MapKinds
{
    /// <summary>Whether there is a value for each possible CPU.</summary>
    public static bool HasValuePerCpu(this BpfMapType type) => type
        is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage;

    /// <summary>Whether the values are maps.</summary>
    public static bool HoldsMaps(this BpfMapType type) => type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps;

    /// <summary>Whether the values are programs.</summary>
    public static bool HoldsPrograms(this BpfMapType type) => type == BpfMapType.ProgArray;
}
