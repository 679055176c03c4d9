namespace Bpf.Loader.Maps;

/// <summary>What follows from the type of a map alone.</summary>
internal static class MapTypeTraits
{
    /// <summary>Whether a look-up gives a value for each possible CPU (<c>bpf_map_value_size()</c> in <c>kernel/bpf/syscall.c</c>).</summary>
    public static bool HasPerCpuValues(this BpfMapType type) => type
        is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage;

    /// <summary>Whether a value is put in as a descriptor and comes out as an id.</summary>
    public static bool HoldsDescriptors(this BpfMapType type) => type
        is BpfMapType.PerfEventArray or BpfMapType.ProgArray or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps;

    /// <summary>Whether there are elements but no keys.</summary>
    public static bool HasNoKeys(this BpfMapType type) => type is BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter;

    /// <summary>Whether there are no elements for bpf(2): the map is only mapped into memory.</summary>
    public static bool HasNoElements(this BpfMapType type) => type is BpfMapType.RingBuf or BpfMapType.UserRingBuf or BpfMapType.Arena;

    /// <summary>Whether the keys are the numbers below max_entries, all of them and always.</summary>
    public static bool HasIndexKeys(this BpfMapType type) => type
        is BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray
        or BpfMapType.ArrayOfMaps or BpfMapType.DevMap or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap
        or BpfMapType.ReusePortSockArray or BpfMapType.StackTrace or BpfMapType.InsnArray;
}
