using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>How much memory a map takes, and how much there may be.</summary>
internal static class MapMemory
{
    // struct htab_elem with its list and hash, and a bucket with its lock; the kernel's numbers differ a little from version to version.
    private const ulong HashElement = 48, HashBucket = 16, Pointer = 8;

    /// <summary>About how many bytes a map takes when it is created.</summary>
    public static ulong Estimate(in MapQuestion map, int cpus)
    {
        ulong entries = map.MaxEntries, key = Round(map.KeySize), value = Round(map.ValueSize), each = value * (ulong)cpus;
        bool isGrown = (map.Flags & BpfMapFlags.NoPrealloc) != 0;
        ulong buckets = HashBucket * (entries == 0 ? 0 : (ulong)1 << (64 - System.Numerics.BitOperations.LeadingZeroCount(entries - 1)));
        return map.Type switch
        {
            BpfMapType.Array or BpfMapType.Queue or BpfMapType.Stack => entries * value,
            BpfMapType.PerCpuArray => entries * (each + Pointer),
            BpfMapType.Hash or BpfMapType.LruHash => buckets + (isGrown ? 0 : entries * (HashElement + key + value)),
            BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash => buckets + (isGrown ? 0 : entries * (HashElement + key + Pointer + each)),
            BpfMapType.RingBuf or BpfMapType.UserRingBuf => entries,
            BpfMapType.StackTrace => buckets + (entries * (16 + value)),
            BpfMapType.LpmTrie or BpfMapType.Arena or BpfMapType.TaskStorage or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.CgrpStorage => 0,
            BpfMapType.BloomFilter => entries,
            _ => entries * Pointer,
        };
    }

    /// <summary>What a map takes and what limits it, in sentences; null when it takes hardly anything.</summary>
    [SupportedOSPlatform("linux")]
    public static string? Explain(in MapQuestion map)
    {
        ulong wanted = Estimate(map, PossibleCpus.Count);
        if (wanted == 0) return null;
        string size = $"It takes about {Size(wanted)} for {map.MaxEntries.ToString("N0", CultureInfo.InvariantCulture)} {(map.Type is BpfMapType.RingBuf or BpfMapType.UserRingBuf ? "bytes" : "entries")}";
        string less = map.Type is BpfMapType.Hash or BpfMapType.PerCpuHash && (map.Flags & BpfMapFlags.NoPrealloc) == 0
            ? "Lower max_entries, or let entries take memory as they come: __uint(map_flags, BPF_F_NO_PREALLOC)." : "Lower max_entries.";
        return $"{size}; {Limit(wanted)}. {less}";
    }

    /// <summary>A number of bytes for people.</summary>
    public static string Size(ulong bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.#} GiB"),
    };

    [SupportedOSPlatform("linux")]
    private static string Limit(ulong wanted)
    {
        if (KernelFeatures.Current.Lacks(KernelFeature.MemoryCgroupAccounting))
        {
            ulong limit = MemoryLock.Limit;
            return limit == ResourceLimit.Infinity
                ? $"this kernel counts it as locked memory, which is not limited for this process, and {Available()}"
                : $"this kernel counts it as locked memory (before Linux 5.11), of which this process may have {Size(limit)} ('ulimit -l'), all its maps and programs together";
        }

        return MemoryGroup.Read() is { } group && group.Limit - Math.Min(group.Limit, group.Used) < wanted
            ? $"the memory of the cgroup {group.Path} is limited to {Size(group.Limit)} ({group.File}), of which {Size(group.Used)} are in use"
            : Available();
    }

    [SupportedOSPlatform("linux")]
    private static string Available()
    {
        foreach (string line in (SystemFile.TryReadText("/proc/meminfo", out _) ?? "").Split('\n'))
        {
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(13).Trim().TrimEnd("kB ").TrimEnd(), CultureInfo.InvariantCulture, out ulong kibibytes))
                return $"this machine has {Size(kibibytes * 1024)} available";
        }

        return "the kernel has not that much left";
    }

    private static ulong Round(uint size) => (size + 7UL) & ~7UL;
}
