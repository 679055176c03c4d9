using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// The kernel objects that this process holds: descriptors and mappings, without those that the runtime makes for itself, and without
/// the types of the modules, which are kept open while a module is there and may be looked at again at any time.
/// </summary>
internal sealed class KernelResources
{
    private const string Types = "descriptor anon_inode:btf";

    private readonly SortedDictionary<string, int> _counts = new();

    private KernelResources()
    {
    }

    /// <summary>Counts them.</summary>
    public static KernelResources Count()
    {
        var resources = new KernelResources();
        int ofModules = KernelBtf.Modules.Count(module => module.Handle is not null);
        foreach (FileSystemInfo descriptor in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            string? target = descriptor.LinkTarget;
            // A listener of system calls (faults.c) is closed a while after its thread has ended.
            if (target is not null && target != "anon_inode:seccomp notify" && (target.StartsWith("anon_inode:") || target == "/sys/kernel/btf/vmlinux"))
                resources.Add("descriptor " + target);
        }

        if (ofModules > 0)
            resources._counts[Types] = resources._counts.GetValueOrDefault(Types) - ofModules;

        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int name = line.IndexOf("anon_inode:");
            if (name >= 0)
                resources.Add("mapping " + line[name..]);
        }

        return resources;
    }

    /// <summary>Fails when more is open than was then.</summary>
    public void AssertUnchanged()
    {
        KernelResources now = Count();
        if (now.IsMoreThan(this))
        {
            // What nobody refers to any more is closed by its finalizer: the types of modules, when they are released.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            now = Count();
        }

        Assert.False(now.IsMoreThan(this), $"Before: {this}\nNow: {now}");
    }

    private bool IsMoreThan(KernelResources other) => _counts.Any(pair => pair.Value > other._counts.GetValueOrDefault(pair.Key));

    public override string ToString() => string.Join("; ", _counts.Select(pair => $"{pair.Key}: {pair.Value}"));

    private void Add(string key) => _counts[key] = _counts.GetValueOrDefault(key) + 1;
}
