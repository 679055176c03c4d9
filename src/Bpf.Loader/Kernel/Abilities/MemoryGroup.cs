using System;
using System.Globalization;
using System.Runtime.Versioning;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>The cgroup that limits this process's memory the most.</summary>
/// <param name="Path">The cgroup, as /proc/self/cgroup names it.</param>
/// <param name="File">The file that holds the limit.</param>
/// <param name="Limit">The limit in bytes.</param>
/// <param name="Used">How many are in use.</param>
internal sealed record MemoryGroup(string Path, string File, ulong Limit, ulong Used)
{
    // The controller of version 1, and where distributions mount it.
    private const string OlderLine = ":memory:", OlderMount = "/sys/fs/cgroup/memory";

    /// <summary>Reads it; null when none limits it, or nobody tells.</summary>
    [SupportedOSPlatform("linux")]
    public static MemoryGroup? Read()
    {
        MemoryGroup? tightest = null;
        foreach (string line in (SystemFile.TryReadText("/proc/self/cgroup", out _) ?? "").Split('\n'))
        {
            if (CgroupLookup.PathIn(line) is string path && CgroupMount.Find() is { } mount)
                tightest = Tighter(tightest, path, mount.ToDirectory, "memory.max", "memory.current");
            else if (line.IndexOf(OlderLine, StringComparison.Ordinal) is var at and >= 0)
                tightest = Tighter(tightest, line[(at + OlderLine.Length)..], static path => OlderMount + path.TrimEnd('/'), "memory.limit_in_bytes", "memory.usage_in_bytes");
        }

        return tightest;
    }

    // What limits a cgroup limits those below it.
    [SupportedOSPlatform("linux")]
    private static MemoryGroup? Tighter(MemoryGroup? tightest, string path, Func<string, string?> toDirectory, string limitFile, string usedFile)
    {
        for (; ; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
        {
            if (toDirectory(path) is not string folder) return tightest;
            if (TryRead($"{folder}/{limitFile}", out ulong limit) && limit < long.MaxValue / 2 && TryRead($"{folder}/{usedFile}", out ulong used)
                && (tightest is null || limit - Math.Min(limit, used) < tightest.Limit - Math.Min(tightest.Limit, tightest.Used)))
            {
                tightest = new MemoryGroup(path.Length == 0 ? "/" : path, $"{folder}/{limitFile}", limit, used);
            }

            if (path.TrimEnd('/').Length == 0) return tightest;
        }
    }

    // "max" is no number.
    [SupportedOSPlatform("linux")]
    private static bool TryRead(string file, out ulong bytes) => ulong.TryParse(SystemFile.TryReadText(file, out _), NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
}
