using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Skeletons;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Links.Rules;
using Bpf.Loader.Objects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>Links to what comes and goes by a rule. Where nothing else is said, nobody looks: what the kernel tells has to do.</summary>
public class AttachEachTests : KernelTest
{
    private const string Anew = "Information 4 Attached ";

    private readonly LogLines _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Devices_that_appear_are_attached_to_and_those_that_go_are_not_missed()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        string first = Device(network, "1"), second = Device(network, "2"), other = network.Device + "z1";
        Leftovers.Expect($"/sys/class/net/{other}");
        using IHost host = TestHost.Build(services => AddTc(services, TargetRules.Devices(network.Device + "e?")), _log);
        try
        {
            Add(first);
            await host.StartAsync(Cancellation);
            Assert.Equal(Program(host), RunningOn(first));
            Assert.Contains("Information 22 tcx_egress is attached to each of the network devices '" + network.Device + "e?': they come and go", _log.All);

            Add(other);
            Add(second);
            await _log.FindAsync($"{Anew}tcx_egress@{second} ");
            Assert.Equal((Program(host), 0u), (RunningOn(second), RunningOn(other)));
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            Assert.Equal(2, host.Session<HookTc>().Links!.Count);

            Shell.Run($"ip link delete {first}");
            await _log.FindAsync($"Information 23 Detached tcx_egress@{first}");
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());

            // A rename out of the rule, and one into it.
            Shell.Run($"ip link set {second} name {first}x");
            await _log.FindAsync($"Information 23 Detached tcx_egress@{second}");
            Assert.Equal(0u, RunningOn(first + "x"));
            Shell.Run($"ip link set {first}x name {first}");
            while (RunningOn(first) != Program(host)) await Task.Delay(5, Cancellation);
            await host.StopAsync(Cancellation);
            Assert.Equal(0u, RunningOn(first));
            Assert.DoesNotContain(_log.All, static line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
        }
        finally
        {
            foreach (string device in new[] { first, second, first + "x", other }) Shell.Try($"ip link delete {device}");
        }
    }

    [Fact]
    public async Task A_device_that_is_refused_is_degraded_and_the_others_are_attached_to()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        string first = Device(network, "1"), second = Device(network, "2");
        bool isRefused = true;
        using IHost host = TestHost.Build(
            services => AddTc(
                services, TargetRules.Devices(device => device.Kind == "veth" && device.Name.StartsWith(network.Device + "e", StringComparison.Ordinal)),
                (program, device) => isRefused && device.Name == first
                    ? throw new InvalidOperationException("not this one")
                    : program.AttachTcx(device.Name, TrafficDirection.Egress)),
            _log);
        try
        {
            await host.StartAsync(Cancellation);
            Add(first);
            string told = await _log.FindAsync("Warning 15 tcx_egress@" + first);
            Add(second);
            await _log.FindAsync($"{Anew}tcx_egress@{second} ");
            Assert.Equal((HealthStatus.Degraded, $"tcx_egress@{first} is not attached: not this one"), await host.CheckAsync());
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal(1, _log.All.Count(line => line == told));

            isRefused = false;
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal(Program(host), RunningOn(first));
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            await host.StopAsync(Cancellation);
        }
        finally
        {
            Shell.Try($"ip link delete {first}");
            Shell.Try($"ip link delete {second}");
        }
    }

    [Fact]
    public async Task A_refusal_at_the_start_stops_it_and_leaves_nothing()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        string first = Device(network, "1"), second = Device(network, "2");
        Add(first);
        Add(second);
        try
        {
            using IHost host = TestHost.Build(services => AddTc(
                services, TargetRules.Devices(network.Device + "e*"),
                (program, device) => device.Name == second ? program.AttachTcx("none-such", TrafficDirection.Egress) : program.AttachTcx(device.Name, TrafficDirection.Egress)));
            await Assert.ThrowsAsync<BpfAttachException>(() => host.StartAsync(Cancellation));
            Assert.Equal(0u, RunningOn(first));
        }
        finally
        {
            Shell.Try($"ip link delete {first}");
            Shell.Try($"ip link delete {second}");
        }
    }

    [Fact]
    public async Task A_link_that_is_detached_by_force_is_unhealthy_while_its_device_is_there()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        string device = Device(network, "1");
        Add(device);
        try
        {
            using IHost host = TestHost.Build(services => AddTc(services, TargetRules.Devices(network.Device + "e*")), _log);
            await host.StartAsync(Cancellation);
            host.Session<HookTc>().Links![$"tcx_egress@{device}"].Detach();
            host.Session<HookTc>().Links!.Watch();
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal(
                (HealthStatus.Unhealthy, $"tcx_egress@{device} is not attached any more: its network device is gone, or it was detached by force"), await host.CheckAsync());
            Shell.Run($"ip link delete {device}");
            while (host.Session<HookTc>().Links!.Look().Count > 0) await Task.Delay(5, Cancellation);
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            await host.StopAsync(Cancellation);
        }
        finally
        {
            Shell.Try($"ip link delete {device}");
        }
    }

    [Fact]
    public async Task Processes_that_run_a_program_are_sampled_as_they_come_and_go()
    {
        using var watched = new WatchedProgram();
        HearsOfProcesses();
        using IHost host = TestHost.Build(
            services =>
            {
                services.AddHealthChecks().AddBpf();
                services.AddBpf(TestObjects.PathOf("hook_perf_event.bpf.o"), static options => options.WatchInterval = Timeout.InfiniteTimeSpan)
                    .AttachEach("sample", TargetRules.Processes(watched.Name), static (sample, process) => sample.AttachPerfEvent(
                        PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { ProcessId = process.Id, Frequency = 1000 }));
            },
            _log);
        Process before = watched.Start();
        await host.StartAsync(Cancellation);
        await _log.FindAsync($"{Anew}sample@{watched.Name}:{before.Id} ");
        Process after = watched.Start();
        await _log.FindAsync($"{Anew}sample@{watched.Name}:{after.Id} ");
        before.Kill();
        await _log.FindAsync($"Information 23 Detached sample@{watched.Name}:{before.Id}");

        // Of the one that came later alone there are samples now.
        BpfVariable samples = host.Services.GetRequiredService<BpfObject>().Globals["samples"];
        ulong seen = samples.Get<ulong>();
        while (samples.Get<ulong>() < seen + 10) await Task.Delay(5, Cancellation);
        Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
        after.Kill();
        await _log.FindAsync($"Information 23 Detached sample@{watched.Name}:{after.Id}");
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_process_that_executes_another_program_comes_or_goes()
    {
        using var watched = new WatchedProgram();
        HearsOfProcesses();
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
    public async Task Cgroups_that_are_made_are_attached_to_with_those_below_them()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        string name = Path.GetFileName(home.Path), shop = home.Path + "/shop.service", deep = home.Path + "/apps/deep/till.service", other = home.Path + "/other.scope";
        using IHost host = TestHost.Build(
            services =>
            {
                services.AddHealthChecks().AddBpf();
                services.AddBpf(TestObjects.PathOf("hook_cgroup.bpf.o"), options =>
                {
                    options.WatchInterval = Timeout.InfiniteTimeSpan;
                    options.Configure(static file => Only(file, "skb_egress"));
                }).AttachEach("skb_egress", TargetRules.Cgroups($"/{name}/**/*.service"), static (egress, cgroup) => egress.AttachCgroup(cgroup.Directory));
            },
            _log);
        try
        {
            await host.StartAsync(Cancellation);
            Directory.CreateDirectory(other);
            Directory.CreateDirectory(shop);
            await _log.FindAsync($"{Anew}skb_egress@/{name}/shop.service ");
            Directory.CreateDirectory(deep);
            await _log.FindAsync($"{Anew}skb_egress@/{name}/apps/deep/till.service ");
            Assert.Equal([1, 1, 0], new[] { shop, deep, other }.Select(static path => HookQuery.OfCgroup(path, BpfAttachType.CgroupInetEgress).Programs.Count));
            Directory.Delete(shop);
            await _log.FindAsync($"Information 23 Detached skb_egress@/{name}/shop.service");

            // The same path is another cgroup when it comes again.
            Directory.CreateDirectory(shop);
            while (HookQuery.OfCgroup(shop, BpfAttachType.CgroupInetEgress).Programs.Count == 0) await Task.Delay(5, Cancellation);
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            await host.StopAsync(Cancellation);
            Assert.Empty(HookQuery.OfCgroup(deep, BpfAttachType.CgroupInetEgress).Programs);
        }
        finally
        {
            foreach (string path in new[] { shop, deep, home.Path + "/apps/deep", home.Path + "/apps", other })
            {
                if (Directory.Exists(path)) Directory.Delete(path);
            }
        }
    }

    [Fact]
    public async Task Pinned_links_to_targets_are_taken_over_and_those_of_targets_that_went_are_removed()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        using var pins = new TestFileSystem();
        string name = Path.GetFileName(home.Path);
        string[] cgroups = [home.Path + "/a.service", home.Path + "/b.service", home.Path + "/c.service"];
        string[] paths = [.. cgroups.Select(path => pins[$"skb_egress@,{name},{Path.GetFileName(path).Replace(".", "%2E", StringComparison.Ordinal)}"])];
        Directory.CreateDirectory(cgroups[0]);
        Directory.CreateDirectory(cgroups[1]);
        try
        {
            uint[] before = await RunAsync(cgroups[2], paths[2]);
            Assert.Equal([true, true, true], paths.Select(File.Exists));
            Directory.Delete(cgroups[0]);
            uint[] after = await RunAsync(cgroups[1], null);
            Assert.Equal([false, false, true], paths.Select(File.Exists));
            Assert.Equal(2, before.Concat(after).Distinct().Count());
            Assert.Equal(after, ProgramsOf(cgroups[2]));
        }
        finally
        {
            foreach (string path in cgroups.Where(Directory.Exists)) Directory.Delete(path);
            foreach (string path in paths.Where(File.Exists)) File.Delete(path);
        }

        // Makes the cgroup, or removes it, while the host runs.
        async Task<uint[]> RunAsync(string cgroup, string? pin)
        {
            using IHost host = TestHost.Build(services => services
                .AddBpf(TestObjects.PathOf("hook_cgroup.bpf.o"), options =>
                {
                    options.WatchInterval = Timeout.InfiniteTimeSpan;
                    options.Configure(static file => Only(file, "skb_egress"));
                    options.PinLinks(pins.Path);
                })
                .AttachEach("skb_egress", TargetRules.Cgroups($"/{name}/*.service"), static (egress, cgroup) => egress.AttachCgroup(cgroup.Directory)));
            await host.StartAsync(Cancellation);
            if (pin is not null)
            {
                Directory.CreateDirectory(cgroup);
                while (!File.Exists(pin)) await Task.Delay(5, Cancellation);
            }
            else
            {
                Directory.Delete(cgroup);
                while (File.Exists(paths[1])) await Task.Delay(5, Cancellation);
            }

            uint[] programs = ProgramsOf(cgroups[2]);
            await host.StopAsync(Cancellation);
            return programs;
        }
    }

    [Fact]
    public async Task Targets_of_ones_own_are_looked_for_and_attached_to_when_they_are_ready()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        string[] names = [];
        bool isReady = false;
        using IHost host = TestHost.Build(
            services =>
            {
                services.AddHealthChecks().AddBpf();
                services.AddBpf(TestObjects.PathOf("hook_cgroup.bpf.o"), options =>
                {
                    options.WatchInterval = TimeSpan.FromMilliseconds(20);
                    options.Configure(static file => Only(file, "skb_egress"));
                }).AttachEach("skb_egress", TargetRules.Of("shops", () => names), (egress, _) => isReady ? egress.AttachCgroup(home.Path) : null, "till");
            },
            _log);
        await host.StartAsync(Cancellation);
        Assert.Contains("Information 22 till is attached to each of the shops: looking every 00:00:00.0200000, since they are looked for by a method", _log.All);
        names = ["corner"];
        while (host.Services.GetRequiredKeyedService<BpfSession>("hook_cgroup").Links!.Look().Count == 0) await Task.Delay(5, Cancellation);
        Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
        isReady = true;
        await _log.FindAsync(Anew + "till@corner ");
        Assert.Single(ProgramsOf(home.Path));
        names = [];
        await _log.FindAsync("Information 23 Detached till@corner");
        Assert.Empty(ProgramsOf(home.Path));
        await host.StopAsync(Cancellation);
        Assert.DoesNotContain(_log.All, static line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning 15", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_condition_that_throws_is_told_and_the_watch_goes_on()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        string first = Device(network, "1"), second = Device(network, "2");
        bool throws = true;
        using IHost host = TestHost.Build(
            services => AddTc(services, TargetRules.Devices(device => device.Name == first && throws
                ? throw new InvalidOperationException("the api is down")
                : device.Name.StartsWith(network.Device + "e", StringComparison.Ordinal))),
            _log);
        try
        {
            await host.StartAsync(Cancellation);
            Add(first);
            await _log.FindAsync($"Error 24 tcx_egress: the network devices cannot be looked for");
            Assert.Equal((HealthStatus.Degraded, "tcx_egress is not attached: the api is down"), await host.CheckAsync());
            Add(second);
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal(1, _log.All.Count(static line => line.StartsWith("Error 24", StringComparison.Ordinal)));
            throws = false;
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal((Program(host), Program(host)), (RunningOn(first), RunningOn(second)));
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());

            // It throws while a link is dead: the link is taken for gone, and the stop is one.
            throws = true;
            host.Session<HookTc>().Links![$"tcx_egress@{first}"].Detach();
            host.Session<HookTc>().Links!.Watch();
            Assert.Equal(HealthStatus.Unhealthy, (await host.CheckAsync()).Status);
            await host.StopAsync(Cancellation);
            Assert.Equal(0u, RunningOn(second));
        }
        finally
        {
            Shell.Try($"ip link delete {first}");
            Shell.Try($"ip link delete {second}");
        }
    }

    [Fact]
    public async Task A_condition_on_processes_that_throws_is_thrown_to_who_asks()
    {
        HearsOfProcesses();
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
        string device = Device(network, "1");
        using var ended = new ManualResetEventSlim();
        TargetWatch<DeviceTarget>? watch = null;
        watch = TargetRules.Devices(network.Device + "e*").Watch(() =>
        {
            Volatile.Read(ref watch)!.Dispose();
            ended.Set();
        });
        try
        {
            Add(device);
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
        HearsOfProcesses();
        string name = $"t{Environment.ProcessId}";
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes(name).Watch(static () => { });
        Assert.Empty(watch.Find());
        // The first thread names itself and ends by exit(2), and another waits for its input to end.
        const string Code = "import ctypes,sys,threading; threading.Thread(target=sys.stdin.read).start(); c=ctypes.CDLL(None); c.prctl(15, sys.argv[1].encode()); c.syscall({0}, 0)";
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string exit = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "60" : "93";
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Code.Replace("{0}", exit, StringComparison.Ordinal), name]) { RedirectStandardInput = true })!;
        while (!File.ReadAllText($"/proc/{process.Id}/stat").Contains(") Z ", StringComparison.Ordinal)) await Task.Delay(5, Cancellation);
        Assert.Equal(process.Id, Assert.Single(watch.Find()).Id);
        process.StandardInput.Close();
        while (watch.Find().Count > 0) await Task.Delay(5, Cancellation);
    }

    [Fact]
    public async Task Two_targets_never_share_a_pin()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        using var pins = new TestFileSystem();
        string[] cgroups = [home.Path + "/a.b", home.Path + "/a_b", home.Path + "/a,b", home.Path + "/a%2Eb"];
        foreach (string path in cgroups) Directory.CreateDirectory(path);
        try
        {
            using IHost host = BuildCgroups($"/{Path.GetFileName(home.Path)}/*", pins.Path);
            await host.StartAsync(Cancellation);
            Assert.All(cgroups, path => Assert.Single(ProgramsOf(path)));
            await host.StopAsync(Cancellation);
            Assert.Equal(4, Directory.GetFiles(pins.Path, "*@*").Length);
        }
        finally
        {
            foreach (string path in Directory.GetFiles(pins.Path, "*@*")) File.Delete(path);
            foreach (string path in cgroups) Directory.Delete(path);
        }
    }

    [Fact]
    public async Task Targets_of_one_text_are_one_too_many()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        Nameless[] things = [new(), new()];
        using IHost host = TestHost.Build(services => services
            .AddBpf(TestObjects.PathOf("hook_cgroup.bpf.o"), static options => options.Configure(static file => Only(file, "skb_egress")))
            .AttachEach("skb_egress", TargetRules.Of("things", () => things), (egress, _) => egress.AttachCgroup(home.Path)));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancellation));
        Assert.Contains("ToString", error.Message, StringComparison.Ordinal);
        Assert.Empty(ProgramsOf(home.Path));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_links_of_the_host_before()
    {
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
        using var home = new TestCgroup();
        using var pins = new TestFileSystem();
        string cgroup = home.Path + "/a", pattern = $"/{Path.GetFileName(home.Path)}/*";
        Directory.CreateDirectory(cgroup);
        try
        {
            using (IHost first = BuildCgroups(pattern, pins.Path))
            {
                await first.StartAsync(Cancellation);
                await first.StopAsync(Cancellation);
            }

            uint[] before = ProgramsOf(cgroup);
            Assert.Single(before);
            using (IHost next = BuildCgroups(pattern, pins.Path, static builder => builder.AttachEach(
                "skb_egress", TargetRules.Of<int>("others", static () => [1]), static (_, _) => throw new InvalidOperationException("refused"), "other")))
                await Assert.ThrowsAsync<InvalidOperationException>(() => next.StartAsync(Cancellation));
            Assert.Equal(before, ProgramsOf(cgroup));
            using (IHost last = BuildCgroups(pattern, pins.Path))
            {
                await last.StartAsync(Cancellation);
                Assert.Contains(_log.All, static line => line.StartsWith("Information 17 skb_egress@", StringComparison.Ordinal));
                Assert.NotEqual(before, ProgramsOf(cgroup));
                await last.StopAsync(Cancellation);
            }
        }
        finally
        {
            foreach (string path in Directory.GetFiles(pins.Path, "*@*")) File.Delete(path);
            Directory.Delete(cgroup);
        }
    }

    [Fact]
    public async Task A_pin_of_a_target_that_had_the_name_before_is_not_taken_over()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        using var pins = new TestFileSystem();
        string device = Device(network, "1"), renamed = network.Device + "z1";
        Leftovers.Expect($"/sys/class/net/{renamed}");
        Add(device);
        try
        {
            for (int run = 0; run < 2; run++)
            {
                using IHost host = TestHost.Build(services => AddTc(services, TargetRules.Devices(network.Device + "e?"), pins: pins.Path), _log);
                await host.StartAsync(Cancellation);
                Assert.Equal(Program(host), RunningOn(device));
                await host.StopAsync(Cancellation);
                if (run > 0) break;
                Shell.Run($"ip link set {device} name {renamed}");
                Shell.Run($"ip link add {device} type veth peer name {device}q");
            }

            Assert.Equal(0u, RunningOn(renamed));
        }
        finally
        {
            foreach (string path in Directory.GetFiles(pins.Path, "*@*")) File.Delete(path);
            Shell.Try($"ip link delete {device}");
            Shell.Try($"ip link delete {renamed}");
        }
    }

    [Fact]
    public async Task What_nobody_tells_of_and_nobody_looks_for_is_refused()
    {
        using IHost host = TestHost.Build(services => AddTc(services, TargetRules.Of("devices", static () => Array.Empty<DeviceTarget>())));
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancellation));
        Assert.Contains("WatchInterval", error.Message, StringComparison.Ordinal);
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

    private IHost BuildCgroups(string pattern, string pins, Action<BpfBuilder>? more = null) => TestHost.Build(
        services =>
        {
            BpfBuilder builder = services.AddBpf(TestObjects.PathOf("hook_cgroup.bpf.o"), options =>
            {
                options.Configure(static file => Only(file, "skb_egress"));
                options.PinLinks(pins);
            }).AttachEach("skb_egress", TargetRules.Cgroups(pattern), static (egress, cgroup) => egress.AttachCgroup(cgroup.Directory));
            more?.Invoke(builder);
        },
        _log);

    private static uint[] ProgramsOf(string cgroup) => [.. HookQuery.OfCgroup(cgroup, BpfAttachType.CgroupInetEgress).Programs.Select(static program => program.ProgramId)];

    private static uint Program(IHost host) => host.Services.GetRequiredService<HookTc>().Programs.TcxEgress.GetInfo().Id;

    private static uint RunningOn(string device) => HookQuery.OfDevice(device, BpfAttachType.TcxEgress).Programs.SingleOrDefault()?.ProgramId ?? 0;

    private static string Device(TestNetwork network, string suffix)
    {
        string device = network.Device + "e" + suffix;
        Leftovers.Expect($"/sys/class/net/{device}");
        return device;
    }

    private static void Add(string device) => Shell.Run($"ip link add {device} type veth peer name {device}p");

    private static void HearsOfProcesses()
    {
        Requires.Function("cn_proc_mcast_ctl", "events of processes (CONFIG_PROC_EVENTS)");
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes("none-such").Watch(static () => { });
        Assert.Null(watch.Silence);
    }

    private static void AddTc(IServiceCollection services, TargetRule<DeviceTarget> devices, Func<BpfProgram, DeviceTarget, BpfLink?>? attach = null, string? pins = null)
    {
        services.AddHealthChecks().AddBpf();
        BpfBuilder<HookTc> builder = services.AddBpf<HookTc>(options =>
            {
                options.WatchInterval = Timeout.InfiniteTimeSpan;
                if (pins is not null) options.PinLinks(pins);
            })
            .Configure(static file => Only(file.File, "tcx_egress"));
        builder.AttachEach(tc => tc.Programs.TcxEgress, devices, attach ?? (static (program, device) => program.AttachTcx(device.Name, TrafficDirection.Egress)));
    }

    private static void Only(BpfObjectFile file, params IReadOnlyCollection<string> programs)
    {
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = programs.Contains(program.Name);
    }

    /// <summary>A target that nothing tells from others of its type.</summary>
    private sealed class Nameless;
}
