using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>Agents that go, and leave to the next what they attached and counted.</summary>
[AnyKernel]
public class UpgradeTests : KernelTest
{
    private const string First = "traffic.bpf.o", Next = "traffic_next.bpf.o";

    // The programs of the documentation are compiled first.
    public UpgradeTests()
    {
        Requires.RealProcessor();
        Requires.Function("cgroup_bpf_link_attach", "links of cgroups (Linux 5.7)");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_packet_is_lost_while_an_agent_is_stopped_upgraded_and_started()
    {
        using var agent = new Agent();
        int sent = 0;
        using var stop = new CancellationTokenSource();
        var programs = new HashSet<uint>();
        Task traffic = Task.CompletedTask;
        try
        {
            for (int version = 0; version < 5; version++)
            {
                using (IHost host = agent.Build(First))
                {
                    await host.StartAsync(Cancellation);
                    if (version == 0)
                    {
                        traffic = Task.Factory.StartNew(
                            () =>
                            {
                                for (; !stop.IsCancellationRequested; Interlocked.Increment(ref sent)) agent.Send(1);
                            },
                            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                    }

                    programs.Add(agent.Running());
                    Assert.Equal((HealthStatus.Healthy, null), await host.CheckAsync());
                    await MoreAsync();
                    await host.StopAsync(Cancellation);
                }

                await MoreAsync();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await traffic;
        }

        Assert.Equal(5, programs.Count);
        Assert.Equal((ulong)sent * Agent.PacketSize, agent.Read<ulong>());
        Assert.Equal(4, agent.Log.All.Count(line => line.StartsWith("Information 17 leaving goes on with this program", StringComparison.Ordinal)));
        Assert.DoesNotContain(agent.Log.All, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));

        async Task MoreAsync()
        {
            int wanted = Volatile.Read(ref sent) + 1_000;
            while (Volatile.Read(ref sent) < wanted && !traffic.IsCompleted) await Task.Delay(1, Cancellation);
        }
    }

    [Fact]
    public async Task A_map_whose_struct_has_grown_is_taken_over()
    {
        using var agent = new Agent();
        using (IHost host = agent.Build(First))
        {
            await host.StartAsync(Cancellation);
            agent.Send(100);
            await host.StopAsync(Cancellation);
        }

        agent.Send(50);
        Assert.Equal(150 * Agent.PacketSize, agent.Read<ulong>());
        for (int start = 0; start < 2; start++)
        {
            using IHost host = agent.Build(Next, Migrate);
            await host.StartAsync(Cancellation);
            Assert.False(File.Exists(agent.Map + "_new"));
            agent.Send(25);
            await host.StopAsync(Cancellation);
        }

        Assert.Equal(new Total(200 * Agent.PacketSize, 50), agent.Read<Total>());
        Assert.Equal([$"Information 19 Took over 1 entries of bytes from the map of 8 bytes a value, pinned as {agent.Map}"], agent.Log.All.Where(line => line.StartsWith("Information 19", StringComparison.Ordinal)));
        Assert.DoesNotContain(agent.Log.All, line => line.StartsWith("Warning 20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_old_map_and_program_as_they_were()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        uint program = agent.Running();
        using (IHost host = agent.Build(Next, options => options.MigrateMap<ulong, Total>("bytes", _ => throw new FormatException("too old"))))
            await Assert.ThrowsAsync<FormatException>(() => host.StartAsync(Cancellation));
        using (IHost host = agent.Build(Next, Migrate, builder => builder.Attach("leaving", _ => throw new NotSupportedException("no"), "second")))
            await Assert.ThrowsAsync<NotSupportedException>(() => host.StartAsync(Cancellation));

        Assert.Equal(program, agent.Running());
        Assert.False(File.Exists(agent.Map + "_new"));
        agent.Send(10);
        Assert.Equal(10 * Agent.PacketSize, agent.Read<ulong>());
    }

    [Fact]
    public async Task A_migration_without_a_converter_is_refused()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        using IHost host = agent.Build(Next);
        var refused = await Assert.ThrowsAsync<BpfException>(() => host.StartAsync(Cancellation));
        Assert.Equal(BpfDiagnosticId.MapMismatch, refused.Finding.Id);
    }

    [Fact]
    public async Task What_is_written_after_it_was_taken_over_is_told()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        agent.Send(3);
        using IHost host = agent.Build(Next, options => options.MigrateMap<ulong, Total>("bytes", old =>
        {
            agent.Send(1);
            return new Total(old, 0);
        }));
        await host.StartAsync(Cancellation);
        Assert.Contains(agent.Log.All, line => line.StartsWith("Warning 20 Programs of the version before wrote into bytes", StringComparison.Ordinal));
        Assert.Equal(new Total(3 * Agent.PacketSize, 0), agent.Read<Total>());
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_a_process_left_that_ended_halfway_is_finished_or_removed()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        agent.Send(2);

        // Before the programs were replaced: nobody uses the new map.
        using (BpfMap left = NewMap()) left.Pin(agent.Map + "_new");
        using (IHost host = agent.Build(Next, Migrate))
        {
            await host.StartAsync(Cancellation);
            agent.Send(3);
            await host.StopAsync(Cancellation);
        }

        Assert.Equal(new Total(5 * Agent.PacketSize, 3), agent.Read<Total>());

        // Afterwards: it is the new one that they count in.
        using (BpfMap complete = BpfMap.OpenPinned(agent.Map)) complete.MovePin(agent.Map + "_new");
        using (BpfMap old = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "bytes", KeySize = 4, ValueSize = 8, MaxEntries = 1 })) old.Pin(agent.Map);
        await RunAsync(agent, Next, Migrate);
        agent.Send(1);
        Assert.Equal(new Total(6 * Agent.PacketSize, 4), agent.Read<Total>());
        Assert.False(File.Exists(agent.Map + "_new"));
    }

    [Fact]
    public async Task Another_map_in_the_place_of_the_new_one_is_left_alone()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        using (BpfMap other = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "theirs", KeySize = 4, ValueSize = 4, MaxEntries = 1 })) other.Pin(agent.Map + "_new");
        using IHost host = agent.Build(Next, Migrate);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancellation));
        Assert.Contains(agent.Map + "_new", refused.Message, StringComparison.Ordinal);
        using BpfMap left = BpfMap.OpenPinned(agent.Map + "_new");
        Assert.Equal("theirs", left.Name);
    }

    [Fact]
    public async Task A_pin_of_another_owner_stops_the_start_and_is_left_alone()
    {
        using var agent = new Agent();
        using (BpfMap map = NewMap()) map.Pin(agent.Link);
        using (IHost host = agent.Build(First))
            Assert.Equal(BpfDiagnosticId.PinnedOtherKind, (await Assert.ThrowsAsync<BpfException>(() => host.StartAsync(Cancellation))).Finding.Id);
        using (BpfMap map = BpfMap.OpenPinned(agent.Link)) map.Unpin();

        using BpfObject theirs = TestObjects.Load("hook_cgroup", "skb_egress");
        uint id = theirs.Programs["skb_egress"].Id;
        using (BpfLink link = agent.Attach(theirs.Programs["skb_egress"])) link.Pin(agent.Link);
        using (IHost host = agent.Build(First))
        {
            BpfException refused = await Assert.ThrowsAsync<BpfException>(() => host.StartAsync(Cancellation));
            Assert.Equal(BpfDiagnosticId.PinnedOtherKind, refused.Finding.Id);
            Assert.Contains("CgroupSkb 'skb_egress'", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(id, agent.Running());
    }

    [Fact]
    public async Task A_pinned_link_that_was_detached_is_made_anew()
    {
        using var agent = new Agent();
        await RunAsync(agent, First);
        using (BpfLink link = BpfLink.OpenPinned(agent.Link)) link.Detach();
        agent.Send(5);
        await RunAsync(agent, First);
        agent.Send(5);
        Assert.Equal(5 * Agent.PacketSize, agent.Read<ulong>());
    }

    [Fact]
    public async Task A_pinned_link_that_is_detached_meanwhile_is_attached_again()
    {
        using var agent = new Agent();
        using IHost host = agent.Build(First, options => (options.Reattach, options.WatchInterval) = (true, TimeSpan.FromMilliseconds(20)));
        await host.StartAsync(Cancellation);
        using (BpfLink link = BpfLink.OpenPinned(agent.Link)) link.Detach();
        await agent.Log.FindAsync("Information 14 Attached leaving again");
        await host.StopAsync(Cancellation);
        agent.Send(5);
        Assert.Equal(5 * Agent.PacketSize, agent.Read<ulong>());
    }

    [Fact]
    public async Task A_pin_that_is_removed_is_degraded()
    {
        using var agent = new Agent();
        using IHost host = agent.Build(First);
        await host.StartAsync(Cancellation);
        File.Delete(agent.Link);
        Assert.Equal((HealthStatus.Degraded, $"leaving will be detached at the stop: its pin {agent.Link} is gone"), await host.CheckAsync());
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Links_that_the_kernel_does_not_update_are_exchanged()
    {
        Requires.PerfLinks();
        using var pins = new TestFileSystem();
        var ids = new HashSet<uint>();
        for (int version = 0; version < 3; version++)
        {
            using IHost host = TestHost.Build(services => services.AddBpf<ExecSnoop>(options => options.PinLinks(pins.Path)));
            await host.StartAsync(Cancellation);
            using BpfLink pinned = BpfLink.OpenPinned(pins["handle_exec"]);
            Assert.Equal(host.Session<ExecSnoop>().Loaded!.Programs["handle_exec"].Id, pinned.GetInfo().ProgramId);
            ids.Add(pinned.Id);
            await host.StopAsync(Cancellation);
        }

        Assert.Equal(3, ids.Count);
        // What is unpinned last goes a little later.
        while (BpfLink.EnumerateIds().Count(ids.Contains) > 1) await Task.Delay(1, Cancellation);
        Assert.Equal(1, BpfLink.EnumerateIds().Count(ids.Contains));
    }

    private static void Migrate(BpfHostOptions options) => options.MigrateMap<ulong, Total>("bytes", bytes => new Total(bytes, 0));

    private static BpfMap NewMap() => BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "bytes", KeySize = 4, ValueSize = 16, MaxEntries = 1 });

    private static async Task RunAsync(Agent agent, string version, Action<BpfHostOptions>? configure = null)
    {
        using IHost host = agent.Build(version, configure);
        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);
    }

    /// <summary>struct total of the next version.</summary>
    private readonly record struct Total(ulong Bytes, ulong Packets);
}
