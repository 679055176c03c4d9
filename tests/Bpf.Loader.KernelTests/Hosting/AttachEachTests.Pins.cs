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

/// <content>Pinned links to targets.</content>
public partial class AttachEachTests
{
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
}
