using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links.Rules;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Watches of what comes and goes by a rule, without a host.</summary>
public class TargetWatchTests : KernelTest
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_executes_another_program_comes_or_goes()
    {
        using var watched = new WatchedProgram();
        Requires.ProcessEvents();
        using var news = new SemaphoreSlim(0);
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes(watched.Name).Watch(() => news.Release());
        Assert.Empty(watch.Find());
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"read word; exec {watched.Path}"]) { RedirectStandardInput = true })!;
        try
        {
            Assert.Empty(watch.Find());
            await shell.StandardInput.WriteLineAsync("go");
            // News may come without a change: when the kernel had too many to tell.
            while (watch.Find().Count == 0) await news.WaitAsync(Cancellation);
            ProcessTarget found = Assert.Single(watch.Find());
            Assert.Equal((shell.Id, watched.Name), (found.Id, found.Name));
            Assert.True(watch.Exists(found));
            Assert.Equal(found, Assert.Single(TargetRules.Processes(watched.Name).Find()));
            shell.Kill();
            while (watch.Find().Count > 0) await news.WaitAsync(Cancellation);
            Assert.False(watch.Exists(found));
        }
        finally
        {
            shell.Kill();
        }
    }

    [Fact]
    public async Task Who_has_no_rights_hears_of_processes_or_is_told_why_not_and_finds_them()
    {
        using var watched = new WatchedProgram();
        Process process = watched.Start();
        TargetWatch<ProcessTarget>? made = null;
        WithoutRights.Run(() => made = TargetRules.Processes(watched.Name).Watch(static () => { }));
        using TargetWatch<ProcessTarget> watch = made!;
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 6, 0)) < 0) Assert.Contains("CAP_NET_ADMIN", watch.Silence, StringComparison.Ordinal);
        else Assert.Null(watch.Silence);
        while (watch.Find().Count == 0) await Task.Delay(5, Cancellation); // it executes its program first
        Assert.Equal(process.Id, Assert.Single(watch.Find()).Id);
        process.Kill();
        while (watch.Find().Count > 0) await Task.Delay(5, Cancellation);
    }

    [Fact]
    public async Task A_condition_on_processes_that_throws_is_thrown_to_who_asks()
    {
        Requires.ProcessEvents();
        using var watched = new WatchedProgram();
        using var news = new SemaphoreSlim(0);
        bool throws = true;
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes(process => process.Name == watched.Name && (throws ? throw new InvalidOperationException("no") : true))
            .Watch(() => news.Release());
        Assert.Empty(watch.Find());
        Process process = watched.Start();
        while (Record.Exception(() => watch.Find()) is not InvalidOperationException) await news.WaitAsync(Cancellation);
        throws = false;
        Assert.Equal(process.Id, Assert.Single(watch.Find()).Id);
    }

    [Fact]
    public void A_watch_is_ended_by_who_is_called()
    {
        using var network = new TestNetwork();
        string device = network.Device + "e1";
        Leftovers.Expect($"/sys/class/net/{device}");
        using var ended = new ManualResetEventSlim();
        TargetWatch<DeviceTarget>? watch = null;
        watch = TargetRules.Devices(network.Device + "e*").Watch(() =>
        {
            Volatile.Read(ref watch)!.Dispose();
            ended.Set();
        });
        try
        {
            Shell.Run($"ip link add {device} type veth peer name {device}p");
            ended.Wait(Cancellation);
            watch.Dispose();
        }
        finally
        {
            Shell.Try($"ip link delete {device}");
        }
    }

    [Fact]
    public async Task A_process_is_there_as_long_as_any_of_its_threads()
    {
        Requires.ProcessEvents();
        string name = $"t{Environment.ProcessId}";
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes(name).Watch(static () => { });
        Assert.Empty(watch.Find());
        // The first thread names itself and ends by exit(2), and another waits for its input to end.
        const string Code = "import ctypes,sys,threading; threading.Thread(target=sys.stdin.read).start(); c=ctypes.CDLL(None); c.prctl(15, sys.argv[1].encode()); c.syscall({0}, 0)";
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string exit = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "60" : "93";
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Code.Replace("{0}", exit, StringComparison.Ordinal), name]) { RedirectStandardInput = true })!;
        while (!File.ReadAllText($"/proc/{process.Id}/stat").Contains(") Z ", StringComparison.Ordinal)) await Task.Delay(5, Cancellation);
        Assert.Equal(process.Id, Assert.Single(watch.Find()).Id);
        process.StandardInput.Close();
        while (watch.Find().Count > 0) await Task.Delay(5, Cancellation);
    }

    [Fact]
    public async Task Cgroups_are_followed_when_those_above_them_went_and_came_again()
    {
        using var home = new TestCgroup();
        using var news = new SemaphoreSlim(0);
        string slice = home.Path + "/shop.slice", cgroup = slice + "/a.service";
        Directory.CreateDirectory(cgroup);
        using TargetWatch<CgroupTarget> watch = TargetRules.Cgroups($"/{Path.GetFileName(home.Path)}/shop.slice/*").Watch(() => news.Release());
        CgroupTarget before = Assert.Single(watch.Find());
        Directory.Delete(cgroup);
        Directory.Delete(slice);
        while (watch.Find().Count > 0) await news.WaitAsync(Cancellation);
        Directory.CreateDirectory(cgroup);
        while (watch.Find().Count == 0) await news.WaitAsync(Cancellation);
        Assert.NotEqual(before, Assert.Single(watch.Find()));
        Directory.Delete(cgroup);
        Directory.Delete(slice);
    }
}
