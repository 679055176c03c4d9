using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.KernelTests.Symbols;

[AnyKernel]
public sealed class ProcessTableTests : KernelTest
{
    private readonly ProcessTable _table = new(refreshInterval: TimeSpan.Zero);

    [Fact]
    public void A_process_is_described_as_the_kernel_has_it()
    {
        ProcessInfo info = _table.Find(Environment.ProcessId)!;
        Assert.Equal(Environment.ProcessId, info.ProcessId);
        Assert.Equal(Environment.ProcessPath, info.Executable);
        Assert.Equal(File.ReadAllText("/proc/self/comm").TrimEnd('\n'), info.Name);
        Assert.Equal(Environment.GetCommandLineArgs().Length, info.CommandLine.Count);
        Assert.Equal(0u, info.UserId);
        Assert.Contains(File.ReadAllLines("/proc/self/cgroup"), line => line.EndsWith(":" + info.CgroupPath, StringComparison.Ordinal));
        Assert.Equal($"net:[{info.Namespaces["net"]}]", new FileInfo("/proc/self/ns/net").LinkTarget);
        Assert.Equal(info, _table.Find(Environment.ProcessId));
        Assert.Contains(info.Tags, tag => tag is { Key: "process.pid", Value: int id } && id == Environment.ProcessId);
        Assert.Null(_table.Find(4194305));
    }

    [Fact]
    public void The_container_of_a_process_follows_from_its_cgroup()
    {
        using var cgroup = new TestCgroup();
        string id = new('a', 63);
        using var container = new Group(Path.Combine(cgroup.Path, $"docker-{id}b.scope"));
        using Target target = Target.Start(NativeShims.UprobeTarget);
        File.WriteAllText(Path.Combine(container.Path, "cgroup.procs"), target.Id.ToString(CultureInfo.InvariantCulture));
        ProcessInfo info = _table.Find(target.Id)!;
        Assert.Equal(new ContainerInfo(id + "b", ContainerRuntime.Docker, null), info.Container);
        Assert.Contains(info.Tags, tag => tag is { Key: "container.runtime.name", Value: "docker" });
    }

    [Fact]
    public void What_was_seen_stays_known_and_another_process_is_not_taken_for_it()
    {
        int id;
        ProcessInfo seen;
        using (Target target = Target.Start(NativeShims.UprobeTarget))
        {
            id = target.Id;
            seen = _table.Find(id)!;
        }

        Assert.Equal(seen, _table.Find(id));
        ulong began = (ulong)seen.StartTime.Ticks * 100;
        Assert.Equal(seen, _table.Find(id, began));
        Assert.Null(_table.Find(id, began + 1_000_000_000));
        Assert.Null(new ProcessTable().Find(id));
    }

    [Fact]
    public void A_process_that_runs_another_program_is_described_anew()
    {
        using Target shell = Target.Start("sh", "-c", $"echo started; read first; read second; echo again; exec {NativeShims.UprobeTarget}");
        Assert.Equal("sh", _table.Find(shell.Id)!.Name);
        shell.Ask(); // ends the second read
        shell.Ask(); // is answered by the other program
        Assert.Equal("uprobe-target", _table.Find(shell.Id)!.Name);
        Assert.Equal(NativeShims.UprobeTarget, _table.Find(shell.Id)!.Executable);
    }

    [Fact]
    public void No_more_are_remembered_than_there_is_room_for()
    {
        var table = new ProcessTable(capacity: 2);
        table.Find(1);
        table.Find(Environment.ProcessId);
        using Target target = Target.Start(NativeShims.UprobeTarget);
        table.Find(target.Id);
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Processes_that_end_at_once_are_known_by_the_watch()
    {
        // Before the cgroups of version 2 are in use, the names of cgroups are not told.
        int[] ids;
        using (ProcessWatch watch = ProcessWatch.Start(_table))
        {
            ids = [.. Enumerable.Range(0, 20).Select(_ =>
            {
                using Process process = Process.Start("/bin/true", ["a", "b c"]);
                process.WaitForExit();
                return process.Id;
            })];
            Assert.Equal(0, watch.Dropped);
        }

        Assert.All(ids, id =>
        {
            ProcessInfo? info = _table.Find(id);
            Assert.NotNull(info);
            Assert.Equal(("true", "/bin/true", Environment.ProcessId), (info.Name, info.Executable!.Replace("/usr/bin/", "/bin/", StringComparison.Ordinal), info.ParentId));
            Assert.Equal(["/bin/true", "a", "b c"], info.CommandLine);
        });
    }

    [Fact]
    public void The_watch_tells_the_container_of_a_process_that_has_ended()
    {
        using var cgroup = new TestCgroup();
        string id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        using var container = new Group(Path.Combine(cgroup.Path, $"libpod-{id}.scope"));
        int processId;
        using (ProcessWatch.Start(_table))
        {
            using Process process = Process.Start("sh", ["-c", $"echo $$ > {container.Path}/cgroup.procs; exec /bin/true"]);
            process.WaitForExit();
            processId = process.Id;
        }

        ProcessInfo info = _table.Find(processId)!;
        Assert.Equal(("true", new ContainerInfo(id, ContainerRuntime.Podman, null)), (info.Name, info.Container));
        Assert.EndsWith($"/libpod-{id}.scope", info.CgroupPath, StringComparison.Ordinal);
    }

    // Deleted when the processes in it have ended.
    private sealed class Group : IDisposable
    {
        public Group(string path) => Directory.CreateDirectory(Path = path);

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path);
    }
}
