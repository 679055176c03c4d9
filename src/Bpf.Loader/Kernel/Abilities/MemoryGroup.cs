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
    // Where version 2 is mounted, alone or beside version 1; and the controller of version 1.
    private static readonly (string Mount, string Line, string Limit, string Used)[] Places =
    [
        ("/sys/fs/cgroup", "0::", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/unified", "0::", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/memory", ":memory:", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ];

    /// <summary>Reads it; null when none limits it, or nobody tells.</summary>
    [SupportedOSPlatform("linux")]
    public static MemoryGroup? Read()
    {
        MemoryGroup? tightest = null;
        foreach (string line in (SystemFile.TryReadText("/proc/self/cgroup", out _) ?? "").Split('\n'))
        {
            foreach ((string mount, string key, string limitFile, string usedFile) in Places)
            {
                int at = line.IndexOf(key, StringComparison.Ordinal);
                if (at < 0 || (key == "0::" && at != 0)) continue;

                // What limits a cgroup limits those below it.
                for (string path = line[(at + key.Length)..]; ; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
                {
                    string folder = mount + path.TrimEnd('/');
                    if (TryRead($"{folder}/{limitFile}", out ulong limit) && limit < long.MaxValue / 2 && TryRead($"{folder}/{usedFile}", out ulong used)
                        && (tightest is null || limit - Math.Min(limit, used) < tightest.Limit - Math.Min(tightest.Limit, tightest.Used)))
                    {
                        tightest = new MemoryGroup(path.Length == 0 ? "/" : path, $"{folder}/{limitFile}", limit, used);
                    }

                    if (path.TrimEnd('/').Length == 0) break;
                }
            }
        }

        return tightest;
    }

    // "max" is no number.
    [SupportedOSPlatform("linux")]
    private static bool TryRead(string file, out ulong bytes) => ulong.TryParse(SystemFile.TryReadText(file, out _), NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
}
