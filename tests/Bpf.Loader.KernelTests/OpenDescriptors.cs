using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.KernelTests;

/// <summary>Counts the descriptors of this process that are of BPF, so that a test can tell that none is left open.</summary>
internal static class OpenDescriptors
{
    /// <summary>What /proc/self/fd shows of BPF objects, perf events and the like: everything that has no path.</summary>
    public static string[] OfKernelObjects()
        => Directory.GetFiles("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("anon_inode:bpf", StringComparison.Ordinal)
                || target is "anon_inode:btf" or "anon_inode:[perf_event]")
            .Order(StringComparer.Ordinal)
            .ToArray();

    /// <summary>Runs an action twice and holds that the second time leaves no descriptor behind that the first did not.</summary>
    public static void AssertNoneLeft(Action action)
    {
        action();
        string[] before = OfKernelObjects();
        action();
        Assert.Equal(before, OfKernelObjects());
    }
}
