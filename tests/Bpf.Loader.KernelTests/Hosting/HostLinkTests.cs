using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Skeletons;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Objects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>Links that are the host's, whoever says how they are made.</summary>
[AnyKernel]
public class HostLinkTests : KernelTest
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);

    public HostLinkTests() => Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");

    [Fact]
    public async Task A_link_that_was_asked_for_is_attached_counted_and_detached()
    {
        using var network = new TestNetwork();
        using var measurements = new Measurements("Bpf.Loader");
        var log = new LogLines();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device), log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var tc = host.Services.GetRequiredService<HookTc>();
        Assert.Equal(tc.Programs.TcxEgress.GetInfo().Id, Assert.Single(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs).ProgramId);
        network.SendUntil(() => tc.Bss.Packets >= 5);
        Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
        Assert.Equal(1, measurements.Collect("bpf.link.count", "bpf.object.name")["hook_tc"]);
        Assert.DoesNotContain(log.All, line => line.StartsWith("Warning", StringComparison.Ordinal));

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs);
    }

    [Fact]
    public async Task A_link_of_an_object_without_a_class_is_the_hosts_too()
    {
        using var network = new TestNetwork();
        using (IHost host = TestHost.Build(services => services
            .AddBpf(TestObjects.PathOf("hook_tc.bpf.o"), options => options.Configure(file => Only(file, "tcx_ingress")))
            .Attach("tcx_ingress", program => program.AttachTcx(network.Device, TrafficDirection.Ingress), "incoming")))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.Single(HookQuery.OfDevice(network.Device, BpfAttachType.TcxIngress).Programs);
        }

        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxIngress).Programs);
    }

    [Fact]
    public async Task A_program_that_is_passed_over_is_a_warning_and_degraded()
    {
        using var network = new TestNetwork();
        var log = new LogLines();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device, "tcx_ingress", "tcx_egress"), log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(log.All, line => line.StartsWith("Warning 12 BPF5031: The program 'tcx_ingress' was passed over", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains("'tcx_egress' was passed over", StringComparison.Ordinal));
        Assert.Equal((HealthStatus.Degraded, "tcx_ingress was passed over, and is attached to nothing"), await host.CheckAsync());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_refusal_takes_back_the_links_before_it()
    {
        using var network = new TestNetwork();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device)
            .Attach(tc => tc.Programs.TcxEgress, program => program.AttachTcx("none-such", TrafficDirection.Egress), "other"));
        await Assert.ThrowsAsync<BpfAttachException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs);
    }

    [Fact]
    public async Task Two_links_of_a_program_want_two_names()
    {
        using var network = new TestNetwork();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device)
            .Attach(tc => tc.Programs.TcxEgress, program => program.AttachTcx(network.Device, TrafficDirection.Egress)));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("'tcx_egress'", error.Message, StringComparison.Ordinal);
        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs);
    }

    [Fact]
    public async Task A_link_that_vanishes_is_told_once_and_unhealthy()
    {
        using var network = new TestNetwork();
        var log = new LogLines();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device).Options.Configure(options => options.WatchInterval = Often), log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        host.Session<HookTc>().Links!["tcx_egress"].Detach();
        string told = await log.FindAsync("Error 13 tcx_egress is not attached any more");
        Assert.EndsWith("its network device is gone, or it was detached by force", told, StringComparison.Ordinal);
        for (int look = 0; look < 3; look++) host.Session<HookTc>().Links!.Watch();
        Assert.Equal(1, log.All.Count(line => line == told));
        (HealthStatus status, string? description) = await host.CheckAsync();
        Assert.Equal((HealthStatus.Unhealthy, "tcx_egress is not attached any more: its network device is gone, or it was detached by force"), (status, description));
        Assert.Empty(HookQuery.OfDevice(network.Device, BpfAttachType.TcxEgress).Programs);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_link_is_attached_again_when_its_device_comes_back()
    {
        using var network = new TestNetwork();
        string device = network.Device + "x";
        Leftovers.Expect($"/sys/class/net/{device}");
        var log = new LogLines();
        using IHost host = TestHost.Build(
            services => AddTc(services, device).Options.Configure(options => (options.WatchInterval, options.Reattach) = (Often, true)), log);
        try
        {
            Shell.Run($"ip link add {device} type veth peer name {device}p");
            await host.StartAsync(TestContext.Current.CancellationToken);
            Shell.Run($"ip link delete {device}");
            await log.FindAsync("Error 13 tcx_egress is not attached any more");
            await log.FindAsync("Warning 15 tcx_egress cannot be attached yet");
            Assert.Equal(HealthStatus.Unhealthy, (await host.CheckAsync()).Status);

            Shell.Run($"ip link add {device} type veth peer name {device}p");
            await log.FindAsync("Information 14 Attached tcx_egress again");
            Assert.Single(HookQuery.OfDevice(device, BpfAttachType.TcxEgress).Programs);
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            Assert.Equal(1, log.All.Count(line => line.StartsWith("Warning 15", StringComparison.Ordinal)));
            await host.StopAsync(TestContext.Current.CancellationToken);
            Assert.Empty(HookQuery.OfDevice(device, BpfAttachType.TcxEgress).Programs);
        }
        finally
        {
            Shell.Try($"ip link delete {device}");
        }
    }

    [Fact]
    public async Task A_device_that_is_not_there_yet_is_degraded_until_it_is()
    {
        using var network = new TestNetwork();
        string device = network.Device + "y";
        Leftovers.Expect($"/sys/class/net/{device}");
        var log = new LogLines();
        using IHost host = TestHost.Build(
            services => AddTc(services, device).Options.Configure(options => (options.WatchInterval, options.Reattach, options.ContinueOnError) = (Often, true, true)), log);
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await log.FindAsync("Warning 6 tcx_egress cannot be attached");
            (HealthStatus status, string? description) = await host.CheckAsync();
            Assert.Equal(HealthStatus.Degraded, status);
            Assert.Contains("BPF5015", description, StringComparison.Ordinal);
            Shell.Run($"ip link add {device} type veth peer name {device}p");
            await log.FindAsync("Information 14 Attached tcx_egress again");
            Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
            await host.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Shell.Try($"ip link delete {device}");
        }
    }

    [Fact]
    public async Task A_program_that_another_put_in_its_place_is_unhealthy()
    {
        using var network = new TestNetwork();
        using IHost host = TestHost.Build(services => AddTc(services, network.Device, "tc_classifier", "tcx_egress"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var tc = host.Services.GetRequiredService<HookTc>();
        host.Session<HookTc>().Links!["tcx_egress"].Update(tc.Programs.TcClassifier);
        Assert.Contains($"program {tc.Programs.TcClassifier.GetInfo().Id} was put in the place of its own", (await host.CheckAsync()).Description, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_a_class_names_is_configured_and_counted_by_its_names()
    {
        var log = new LogLines();
        using var measurements = new Measurements("Bpf.Loader");
        using IHost host = TestHost.Build(
            services => services.AddBpf<Skeletons.ExecSnoop>()
                .Configure(file => file.Rodata.TargetPpid = 1_234_567)
                .Configure(file => file.Maps.Events.MaxEntries = 64 * 1024)
                .CountDrops(snoop => snoop.Maps.Events, snoop => snoop.Bss.Dropped),
            log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var snoop = host.Services.GetRequiredService<Skeletons.ExecSnoop>();
        Assert.Equal((1_234_567u, 64u * 1024), (snoop.Rodata.TargetPpid, snoop.Maps.Events.Map.MaxEntries));
        snoop.Bss.Dropped = 9;
        Assert.Equal(9, measurements.Collect("bpf.events.dropped", "bpf.map.name")["events"]);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Warning 16 events had no room for 9 events", log.All);
    }

    private static BpfBuilder<HookTc> AddTc(IServiceCollection services, string device, params string[] programs)
    {
        services.AddHealthChecks().AddBpf();
        return services.AddBpf<HookTc>()
            .Configure(file => Only(file.File, programs.Length > 0 ? programs : ["tcx_egress"]))
            .Attach(tc => tc.Programs.TcxEgress, program => program.AttachTcx(device, TrafficDirection.Egress));
    }

    private static void Only(BpfObjectFile file, params IReadOnlyCollection<string> programs)
    {
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = programs.Contains(program.Name);
    }
}
