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
[AnyKernel]
public partial class AttachEachTests : KernelTest
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
        Requires.ProcessEvents();
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
    public async Task What_nobody_tells_of_and_nobody_looks_for_is_refused()
    {
        using IHost host = TestHost.Build(services => AddTc(services, TargetRules.Of("devices", static () => Array.Empty<DeviceTarget>())));
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancellation));
        Assert.Contains("WatchInterval", error.Message, StringComparison.Ordinal);
    }

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
