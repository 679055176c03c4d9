using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// Compares, at the end of the run, what the kernel holds with what it held at its beginning, and fails when the tests left something
/// behind: programs, links, qdiscs, and the devices, namespaces, cgroups and file systems that they made.
/// </summary>
public sealed class Leftovers : IDisposable
{
    private static readonly ConcurrentBag<string> Made = [];

    private readonly HashSet<string> _before;

    public Leftovers() => _before = Environment.IsPrivilegedProcess ? [.. Present()] : [];

    /// <summary>Notes a path that a test made, and that must not be there at the end.</summary>
    public static void Expect(string path) => Made.Add(path);

    public void Dispose()
    {
        if (!Environment.IsPrivilegedProcess) return;
        // What comes from now on is somebody else's: no test runs any more, and numbers are never used twice.
        string[] left = [.. Present().Where(item => !_before.Contains(item)), .. Made];
        // The kernel takes some things down a while after they were let go.
        for (int i = 0; i < 100; i++)
        {
            HashSet<string> present = [.. Present(), .. Made.Where(path => File.Exists(path) || Directory.Exists(path))];
            left = [.. left.Where(item => present.Contains(item) && !IsHeldElsewhere(item))];
            if (left.Length == 0) return;
            Thread.Sleep(100);
        }

        Assert.Fail($"The tests left behind: {string.Join("; ", left.Order(StringComparer.Ordinal))}");
    }

    private static IEnumerable<string> Present()
    {
        foreach (uint id in BpfProgram.EnumerateIds()) yield return $"program prog_id:\t{id}";
        foreach (uint id in BpfLink.EnumerateIds()) yield return $"link link_id:\t{id}";
        // Devices of tests go with their qdiscs; this is about those of the machine.
        foreach (string line in Shell.Run("tc qdisc show dev lo").Split('\n', StringSplitOptions.RemoveEmptyEntries)) yield return $"{line} of lo";
    }

    // Other processes of the machine load programs too, and hold them.
    private static bool IsHeldElsewhere(string item)
    {
        int at = item.IndexOf("_id:", StringComparison.Ordinal);
        if (at < 0) return false;
        string wanted = item[(item.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            if (process == $"/proc/{Environment.ProcessId}") continue;
            try
            {
                foreach (string file in Directory.EnumerateFiles(process + "/fdinfo"))
                {
                    if (File.ReadLines(file).Contains(wanted)) return true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or closed the descriptor.
                continue;
            }
        }

        return false;
    }
}
