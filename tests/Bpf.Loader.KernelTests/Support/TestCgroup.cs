using System;
using System.Globalization;
using System.IO;
using System.Threading;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A cgroup of a test's own, which this process is in while the test lasts.</summary>
internal sealed class TestCgroup : IDisposable
{
    private static int _count;

    private readonly string _home;

    public TestCgroup()
    {
        string root = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
        Assert.True(File.Exists(root + "/cgroup.controllers"), "cgroups of version 2 are mounted nowhere");
        string own = "/";
        foreach (string line in File.ReadLines("/proc/self/cgroup"))
            if (line.StartsWith("0::", StringComparison.Ordinal)) own = line[3..];
        _home = System.IO.Path.Combine(root, own.TrimStart('/'));
        Path = System.IO.Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"bpf-test-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}"));
        Leftovers.Expect(Path);
        Directory.CreateDirectory(Path);
        Enter(Path);
    }

    public string Path { get; }

    /// <summary>The number that the kernel gives the cgroup.</summary>
    public ulong Id => ulong.Parse(Shell.Run($"stat -c %i {Path}"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Enter(_home);
        Directory.Delete(Path);
    }

    private static void Enter(string path) =>
        File.WriteAllText(path + "/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}
