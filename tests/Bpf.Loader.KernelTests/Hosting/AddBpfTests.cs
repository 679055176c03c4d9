using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

[AnyKernel]
public class AddBpfTests : KernelTest
{
    private static readonly uint Self = (uint)Environment.ProcessId;

    [Fact]
    public async Task Programs_run_from_the_hosts_start_to_its_stop()
    {
        Requires.PerfLinks();
        uint link;
        using (IHost host = Build(services => services.AddBpf<ExecSnoop>()))
        {
            var snoop = host.Services.GetRequiredService<ExecSnoop>();
            BpfSession session = Session(host);
            Assert.Null(session.Links);

            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.Same(snoop.Object, session.Loaded);
            link = session.Links!["handle_exec"].Id;
            Assert.Contains(link, BpfLink.EnumerateIds());

            await host.StopAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(link, BpfLink.EnumerateIds());
            Assert.Equal(0UL, snoop.Object.Globals["dropped"].Get<ulong>());
        }
    }

    [Fact]
    public async Task A_host_that_is_not_stopped_detaches_when_it_is_disposed()
    {
        Requires.PerfLinks();
        uint link;
        using (IHost host = Build(services => services.AddBpf<ExecSnoop>()))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            link = Session(host).Links!["handle_exec"].Id;
        }

        Assert.DoesNotContain(link, BpfLink.EnumerateIds());
    }

    [Fact]
    public async Task Events_reach_the_handler_with_what_was_configured_before_the_load()
    {
        var events = new BlockingCollection<ExecEvent>();
        using IHost host = Build(services => services
            .AddBpf<ExecSnoop>(options => options.Configure(OnlyChildren))
            .AddEvents(snoop => snoop.Events, events.Add));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Shell.Run("/bin/true");
        ExecEvent seen = events.Take(TestContext.Current.CancellationToken);
        Assert.Equal(Self, seen.ParentPid);
        ExecEvent.Text128 file = seen.FileName;
        Assert.Equal("/bin/true", Encoding.UTF8.GetString(((ReadOnlySpan<byte>)file).TrimEnd((byte)0)));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_in_the_buffer_at_the_stop_is_handed_over()
    {
        int handled = 0;
        using var first = new SemaphoreSlim(0);
        using IHost host = Build(services =>
        {
            services.AddBpf<ExecSnoop>(options =>
            {
                options.Configure(OnlyChildren);
                options.DrainTime = Timeout.InfiniteTimeSpan;
            }).AddEvents<ExecEvent>("events", async (_, cancellationToken) =>
            {
                first.Release();
                await Task.Delay(20, cancellationToken);
                handled++;
            });
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++) Shell.Run("/bin/true");
        await first.WaitAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, handled);
    }

    [Fact]
    public async Task A_handler_may_be_a_service()
    {
        using IHost host = Build(services => services
            .AddBpf(TestObjects.PathOf("execsnoop.bpf.o"), options => options.Configure(OnlyChildren))
            .AddEvents<ExecEvent, Handler>("events"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Shell.Run("/bin/true");
        Assert.Equal(Self, await host.Services.GetRequiredService<Handler>().First.Task.WaitAsync(TestContext.Current.CancellationToken));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_refusal_stops_the_start_and_is_logged()
    {
        var log = new LogLines();
        using IHost host = Build(services => services.AddBpf(TestObjects.PathOf("bad_null.bpf.o")), log);
        await Assert.ThrowsAsync<BpfVerifierException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(log.All, line => line.StartsWith("Error 2 bad_null cannot be loaded", StringComparison.Ordinal));
        Assert.Contains(log.All, line => line.StartsWith("Debug 3 The verifier about", StringComparison.Ordinal) && line.Contains("; return *value;"));
    }

    [Fact]
    public async Task What_is_loaded_attached_and_detached_is_logged()
    {
        var log = new LogLines();
        using IHost host = Build(services => services.AddBpf<ExecSnoop>(options => options.CountDrops("events", "dropped")), log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "Information 1 Loaded execsnoop: 1 programs, 3 maps", "Information 4 Attached handle_exec to tracepoint sched/sched_process_exec",
                $"Information 8 Detached {typeof(ExecSnoop).FullName}: 1 links", "Information 16 events had no room for 0 events",
            ],
            log.All.Where(line => line.StartsWith("Information", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Metrics_tell_what_programs_and_buffers_do()
    {
        using var measurements = new Measurements("Bpf.Loader");
        using IHost host = Build(services => services.AddBpf<ExecSnoop>(options =>
        {
            options.Configure(OnlyChildren).CountDrops("events", "dropped");
            options.RunTimeStatistics = true;
        }));
        Assert.Empty(measurements.Collect("bpf.program.run.count", "bpf.program.name"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Shell.Run("/bin/true");

        Assert.True(measurements.Collect("bpf.program.run.count", "bpf.program.name")["handle_exec"] >= 1);
        Assert.True(measurements.Collect("bpf.program.run.time", "bpf.program.name")["handle_exec"] > 0);
        Assert.Equal(1, measurements.Collect("bpf.link.count", "bpf.object.name")["execsnoop"]);
        Assert.Equal(256 * 1024, measurements.Collect("bpf.ring_buffer.limit", "bpf.map.name")["events"]);
        Assert.Equal(160 + 8, measurements.Collect("bpf.ring_buffer.usage", "bpf.map.name")["events"]);
        Assert.Equal(0, measurements.Collect("bpf.events.dropped", "bpf.map.name")["events"]);
        host.Services.GetRequiredService<ExecSnoop>().Object.Globals["dropped"].Set(7UL);
        Assert.Equal(7, measurements.Collect("bpf.events.dropped", "bpf.map.name")["events"]);

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, measurements.Collect("bpf.link.count", "bpf.object.name")["execsnoop"]);
    }

    [Fact]
    public async Task Metrics_count_the_entries_of_maps()
    {
        using var measurements = new Measurements("Bpf.Loader");
        using IHost host = Build(services => services.AddBpf(TestObjects.PathOf("maps_simple.bpf.o"), options =>
        {
            options.Configure(Requires.LeaveOutMissing).CountEntriesUpTo = 128;
            options.OnLoaded(loaded =>
            {
                for (byte i = 1; i <= 5; i++) loaded.Maps["hash"].Set(new byte[16].Select(_ => i).ToArray(), new byte[24]);
            });
        }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Dictionary<string, double> entries = measurements.Collect("bpf.map.entries", "bpf.map.name");
        Assert.Equal(5, entries["hash"]);
        Assert.Equal(0, entries["percpu_hash"]);
        Assert.DoesNotContain("lru_hash", entries.Keys);
        Assert.DoesNotContain("array", entries.Keys);
        Assert.Equal(256, measurements.Collect("bpf.map.entries.limit", "bpf.map.name")["lru_hash"]);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_health_check_sees_the_load_the_links_and_drops()
    {
        using IHost host = Build(services =>
        {
            services.AddBpf<ExecSnoop>(options => options.CountDrops("events", "dropped"));
            services.AddHealthChecks().AddBpf();
        });
        Assert.Equal((HealthStatus.Unhealthy, $"{typeof(ExecSnoop).FullName} is not loaded"), await Check(host));

        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Healthy, null), await Check(host));
        host.Services.GetRequiredService<ExecSnoop>().Object.Globals["dropped"].Set(3UL);
        Assert.Equal((HealthStatus.Degraded, "events dropped 3 events"), await Check(host));
        Assert.Equal((HealthStatus.Healthy, null), await Check(host));

        Session(host).Links!["handle_exec"].Dispose();
        Assert.Equal((HealthStatus.Unhealthy, "handle_exec is not attached any more: it was detached"), await Check(host));
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Unhealthy, "execsnoop is not attached"), await Check(host));
    }

    [Fact]
    public async Task The_health_check_sees_that_a_device_is_gone()
    {
        using var network = new TestNetwork();
        using IHost host = Build(services => services.AddBpf(TestObjects.PathOf("hook_xdp.bpf.o"), options => options.Configure(Requires.LeaveOutMissing).AutoAttach = false));
        await host.StartAsync(TestContext.Current.CancellationToken);
        BpfProgram program = host.Services.GetRequiredService<BpfObject>().Programs.First(candidate => candidate.Type == BpfProgramType.Xdp);
        using BpfLink link = program.AttachXdp(network.Device);
        Assert.Null(LinkDeath.Of(link));
        Shell.Run($"ip link delete {network.Device}");
        Assert.Equal("its network device is gone, or it was detached by force", LinkDeath.Of(link)?.Reason);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Several_objects_are_told_apart_by_their_names()
    {
        using IHost host = Build(services =>
        {
            services.AddBpf(TestObjects.PathOf("execsnoop.bpf.o"));
            services.AddBpf(TestObjects.PathOf("maps_simple.bpf.o"), options => options.Configure(Requires.LeaveOutMissing).AutoAttach = false);
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("execsnoop", host.Services.GetRequiredService<BpfObject>().Name);
        Assert.Equal("maps_simple", host.Services.GetRequiredKeyedService<BpfObject>("maps_simple").Name);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Build(Action<IServiceCollection> configure, LogLines? log = null) => TestHost.Build(configure, log);

    private static BpfSession Session(IHost host) => host.Session<ExecSnoop>();

    private static Task<(HealthStatus Status, string? Description)> Check(IHost host) => host.CheckAsync();

    private static void OnlyChildren(BpfObjectFile file) => file.Globals["target_ppid"].Set(Self);

    private sealed class Handler : IBpfEventHandler<ExecEvent>
    {
        public TaskCompletionSource<uint> First { get; } = new();

        public ValueTask HandleAsync(ExecEvent value, CancellationToken cancellationToken)
        {
            First.TrySetResult(value.ParentPid);
            return ValueTask.CompletedTask;
        }
    }
}
