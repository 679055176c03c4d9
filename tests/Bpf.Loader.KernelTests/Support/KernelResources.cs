using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>The kernel objects that this process holds: descriptors and mappings, without those that the runtime makes for itself.</summary>
internal sealed class KernelResources
{
    private readonly SortedDictionary<string, int> _counts = new();

    private KernelResources()
    {
    }

    /// <summary>Counts them.</summary>
    public static KernelResources Count()
    {
        var resources = new KernelResources();
        foreach (FileSystemInfo descriptor in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            string? target = descriptor.LinkTarget;
            if (target is not null && (target.StartsWith("anon_inode:") || target == "/sys/kernel/btf/vmlinux"))
                resources.Add("descriptor " + target);
        }

        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int name = line.IndexOf("anon_inode:");
            if (name >= 0)
                resources.Add("mapping " + line[name..]);
        }

        return resources;
    }

    /// <summary>Fails when something was left open since then.</summary>
    public void AssertUnchanged()
    {
        KernelResources now = Count();
        Assert.Equal(ToString(), now.ToString());
    }

    public override string ToString() => string.Join("; ", _counts.Select(pair => $"{pair.Key}: {pair.Value}"));

    private void Add(string key) => _counts[key] = _counts.GetValueOrDefault(key) + 1;
}
