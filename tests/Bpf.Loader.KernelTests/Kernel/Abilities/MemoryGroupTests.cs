using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel.Abilities;

/// <summary>What limits the memory of this process, of either version of cgroups.</summary>
public sealed class MemoryGroupTests : KernelTest
{
    private const string Older = "/sys/fs/cgroup/memory";

    [Fact]
    public void The_tightest_limit_is_told_with_its_cgroup()
    {
        bool isOlder = File.Exists(Older + "/memory.limit_in_bytes");
        string root = isOlder ? Older : CgroupMount.Find()?.Point ?? "";
        Assert.SkipUnless(isOlder || Controls(root), "no cgroup limits memory on this machine");
        string line = File.ReadLines("/proc/self/cgroup").First(one => isOlder ? one.Contains(":memory:", StringComparison.Ordinal) : one.StartsWith("0::", StringComparison.Ordinal));
        string name = string.Create(CultureInfo.InvariantCulture, $"bpf-memory-{Environment.ProcessId}"), home = root + line[(line.LastIndexOf(':') + 1)..], folder = $"{root}/{name}";
        Leftovers.Expect(folder);
        Directory.CreateDirectory(folder);
        try
        {
            string file = folder + (isOlder ? "/memory.limit_in_bytes" : "/memory.max");
            File.WriteAllText(file, (1L << 30).ToString(CultureInfo.InvariantCulture));
            Enter(folder);
            MemoryGroup? group = MemoryGroup.Read();
            Assert.Equal(("/" + name, file, 1UL << 30), (group?.Path, group?.File, group?.Limit));
        }
        finally
        {
            Enter(home);
            Directory.Delete(folder);
        }
    }

    private static bool Controls(string root) => File.Exists(root + "/cgroup.subtree_control") && File.ReadAllText(root + "/cgroup.subtree_control").Contains("memory", StringComparison.Ordinal);

    private static void Enter(string folder) => File.WriteAllText(folder + "/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}
