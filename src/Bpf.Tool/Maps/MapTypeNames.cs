using System;
using System.Globalization;
using Bpf.Loader;

namespace Bpf.Tool.Maps;

/// <summary>The types of maps in the words of bpftool.</summary>
internal static class MapTypeNames
{
    // By the number of the type.
    private static readonly string[] Names =
    [
        "unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array", "stack_trace", "cgroup_array",
        "lru_hash", "lru_percpu_hash", "lpm_trie", "array_of_maps", "hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash",
        "cgroup_storage", "reuseport_sockarray", "percpu_cgroup_storage", "queue", "stack", "sk_storage", "devmap_hash", "struct_ops",
        "ringbuf", "inode_storage", "task_storage", "bloom_filter", "user_ringbuf", "cgrp_storage", "arena", "insn_array", "rhash",
    ];

    /// <summary>The name of a type; its number when it has none.</summary>
    public static string Of(BpfMapType type) => (uint)type < (uint)Names.Length ? Names[(int)type] : ((uint)type).ToString(CultureInfo.InvariantCulture);

    /// <summary>The type of a name or number.</summary>
    /// <exception cref="UsageException">There is no such type.</exception>
    public static BpfMapType Parse(string name)
    {
        int index = Array.IndexOf(Names, name);
        if (index >= 0)
            return (BpfMapType)index;
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            return (BpfMapType)number;
        throw new UsageException($"'{name}' is no type of map; there are: {string.Join(", ", Names[1..])}.");
    }
}
