using System;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>What the sizes and flags of a map must be, by its type.</summary>
/// <remarks>The source is the <c>map_alloc_check</c> and <c>map_alloc</c> of each type, below kernel/bpf and in net/core of Linux 5.10 to 6.18.</remarks>
internal static class MapRules
{
    private const uint LargestPerCpuValue = 32 << 10; // PCPU_MIN_UNIT_SIZE

    /// <summary>What is wrong with a map, a sentence; null when it keeps the rules.</summary>
    public static string? FindBroken(in MapQuestion map) => Key(map) ?? Value(map) ?? Entries(map) ?? Flags(map);

    private static string? Key(in MapQuestion map)
    {
        uint key = map.KeySize;
        return map.Type switch
        {
            BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps
                or BpfMapType.StackTrace or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap
                or BpfMapType.ReusePortSockArray or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage
                when key != 4 => $"Its keys must have 4 bytes, and have {key}: use __type(key, __u32).",
            BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter or BpfMapType.Arena when key != 0 => $"It has no keys: drop __type(key), which has {key} bytes.",
            BpfMapType.RingBuf or BpfMapType.UserRingBuf when key != 0 => "A ring buffer has neither key nor value: drop __type(key) and __type(value).",
            BpfMapType.LpmTrie when key is < 5 or > 260 => $"Its keys are a prefix length of 4 bytes and 1 to 256 bytes of address, and have {key}.",
            BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage when key is not (8 or 16) => "Its keys must be struct bpf_cgroup_storage_key, or the cgroup's id (__u64).",
            BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.HashOfMaps or BpfMapType.SockHash
                when key == 0 => "Its keys have no bytes: give it __type(key, ...).",
            _ => null,
        };
    }

    private static string? Value(in MapQuestion map)
    {
        uint value = map.ValueSize;
        return map.Type switch
        {
            BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.XskMap when value != 4 => $"Its values must have 4 bytes, and have {value}: use __type(value, __u32).",
            BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.ReusePortSockArray
                when value is not (4 or 8) => $"Its values must have 4 or 8 bytes, and have {value}.",
            BpfMapType.RingBuf or BpfMapType.UserRingBuf when value != 0 => "A ring buffer has neither key nor value: drop __type(key) and __type(value).",
            BpfMapType.Arena when value != 0 => "An arena has no values: drop __type(value).",
            BpfMapType.StackTrace when value == 0 || value % ((map.Flags & BpfMapFlags.StackBuildId) != 0 ? 32u : 8u) != 0 =>
                $"Its values are stacks of {((map.Flags & BpfMapFlags.StackBuildId) != 0 ? "32" : "8")} bytes a frame, and have {value} bytes.",
            BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash when value > LargestPerCpuValue => $"Values of each CPU may have {LargestPerCpuValue} bytes, and have {value}.",
            BpfMapType.Array or BpfMapType.Hash or BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.LpmTrie
                or BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage
                or BpfMapType.CgrpStorage or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage when value == 0 => "Its values have no bytes: give it __type(value, ...).",
            _ => null,
        };
    }

    private static string? Entries(in MapQuestion map)
    {
        uint entries = map.MaxEntries;
        return map.Type switch
        {
            BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage =>
                entries == 0 ? null : $"It has an entry for each object, and no max_entries: drop it, which is {entries}.",
            BpfMapType.StructOps or BpfMapType.Unspecified => null,
            _ when entries == 0 => "Give it max_entries, which is 0.",
            BpfMapType.RingBuf or BpfMapType.UserRingBuf when !uint.IsPow2(entries) || entries % Environment.SystemPageSize != 0 =>
                $"The size of a ring buffer (max_entries) is a power of two and a multiple of the page size, {Environment.SystemPageSize}; {entries} is not.",
            _ => null,
        };
    }

    private static string? Flags(in MapQuestion map)
    {
        BpfMapFlags flags = map.Flags;
        return map.Type switch
        {
            BpfMapType.LpmTrie or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage when (flags & BpfMapFlags.NoPrealloc) == 0 =>
                "It must have the flag BPF_F_NO_PREALLOC: __uint(map_flags, BPF_F_NO_PREALLOC).",
            BpfMapType.LruHash or BpfMapType.LruPerCpuHash when (flags & BpfMapFlags.NoPrealloc) != 0 => "Maps that evict entries are allocated at once: drop BPF_F_NO_PREALLOC.",
            BpfMapType.Arena when (flags & BpfMapFlags.Mmapable) == 0 => "It must have the flag BPF_F_MMAPABLE: __uint(map_flags, BPF_F_MMAPABLE).",
            _ when (flags & BpfMapFlags.NoCommonLru) != 0 && map.Type is not (BpfMapType.LruHash or BpfMapType.LruPerCpuHash) => "BPF_F_NO_COMMON_LRU is for LruHash and LruPerCpuHash.",
            _ when (flags & (BpfMapFlags.ReadOnlyProgram | BpfMapFlags.WriteOnlyProgram)) == (BpfMapFlags.ReadOnlyProgram | BpfMapFlags.WriteOnlyProgram) => "BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG exclude each other.",
            _ when (flags & (BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly)) == (BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly) => "BPF_F_RDONLY and BPF_F_WRONLY exclude each other.",
            _ => null,
        };
    }
}
