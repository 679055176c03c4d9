using System;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>Lists say in <c>--json</c> what bpftool says of the same objects, by its names.</summary>
[AnyKernel]
public sealed class BpftoolListTests : KernelTest
{
    private const int XdpPass = 2, Allow = 1;

    public BpftoolListTests() => BpftoolRun.Require();

    [Theory]
    [InlineData("hook_xdp")]
    [InlineData("call_subprogs")]
    public void Programs(string name)
    {
        using BpfObject bpf = TestObjects.Load(name);
        JsonElement[] theirs = BpftoolRun.Elements("prog list"), ours = Lines("prog", "list", "--json");
        Assert.NotEmpty(bpf.Programs);
        foreach (BpfProgram program in bpf.Programs)
        {
            (JsonElement their, JsonElement our) = (BpftoolRun.WithId(theirs, program.Id), BpftoolRun.WithId(ours, program.Id));
            // Seconds, of a time that is asked for in two parts.
            Assert.InRange(their.GetProperty("loaded_at").GetInt64() - our.GetProperty("loaded_at").GetInt64(), -1, 1);
            BpftoolRun.AssertSaid(their, our, "loaded_at");
            // Its whole name, of which the kernel keeps 15 bytes; bpftool of Linux 5.17 and later looks for it, too.
            Assert.Contains($" {Text(their, "name")} ", Good("prog", "show", "id", $"{program.Id}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("maps_simple")]
    [InlineData("maps_prog_array")]
    [InlineData("data_globals")]
    public void Maps(string name)
    {
        using BpfObject bpf = TestObjects.Load(name);
        JsonElement[] theirs = BpftoolRun.Elements("map list"), ours = Lines("map", "list", "--json");
        foreach (BpfMap map in bpf.Maps)
        {
            // In a list, bpftool 7.1 gives a map without types those of the map before it.
            BpftoolRun.AssertSaid(BpftoolRun.WithId(theirs, map.Id), BpftoolRun.WithId(ours, map.Id), "btf_id");
            BpftoolRun.AssertSaid(Assert.Single(BpftoolRun.Elements($"map show id {map.Id}")), Assert.Single(Lines("map", "show", "id", $"{map.Id}", "--json")));
        }
    }

    [Fact]
    public void Types()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        uint id = bpf.Programs[0].GetInfo().BtfId;
        JsonElement[] theirs = BpftoolRun.Elements("btf list"), ours = Lines("btf", "list", "--json");
        foreach (uint one in new[] { 1u, id })
        {
            (JsonElement their, JsonElement our) = (BpftoolRun.WithId(theirs, one), BpftoolRun.WithId(ours, one));
            BpftoolRun.AssertSaid(their, our, "prog_ids", "map_ids");
            // Its order is that of a table.
            foreach (string users in new[] { "prog_ids", "map_ids" }) Assert.Equal(Sorted(their, users), Sorted(our, users));
        }

        Assert.Contains($"programs {string.Join(' ', bpf.Programs.Select(program => program.Id))}; maps {bpf.Maps["packets"].Id}", Good("btf", "list"), StringComparison.Ordinal);
        Assert.Contains("<anon>", Good("btf", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_and_what_processes_hold()
    {
        using var cgroup = new TestCgroup();
        using var network = new TestNetwork();
        using AttachedProgram raw = new(BpfProgramType.RawTracepoint), xdp = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        using AttachedProgram connect = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using AttachedProgram lookup = new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1);
        using BpfLink first = RawTracepointAttacher.Attach(raw.Source, "sched_switch", 0);
        using BpfLink second = CgroupAttacher.Attach(connect.Source, cgroup.Path, new CgroupOptions());
        using BpfLink third = NetnsAttacher.Attach(lookup.Source, network.NamespacePath);
        using BpfLink fourth = XdpAttacher.Attach(xdp.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        JsonElement[] theirs = BpftoolRun.Elements("link list"), ours = Lines("link", "list", "--json");
        foreach (BpfLink link in new[] { first, second, third, fourth })
        {
            BpftoolRun.AssertSaid(BpftoolRun.WithId(theirs, link.Id), BpftoolRun.WithId(ours, link.Id));
            BpftoolRun.AssertSaid(Assert.Single(BpftoolRun.Elements($"link show id {link.Id}")), Assert.Single(Lines("link", "show", "id", $"{link.Id}", "--json")));
        }

        JsonElement[] their = [.. BpftoolRun.Elements("perf list").Where(item => Number(item, "pid") == Environment.ProcessId)];
        JsonElement[] our = Lines("perf", "list", "pid", $"{Environment.ProcessId}", "--json");
        Assert.NotEmpty(their);
        Assert.Equal(their.Length, our.Length);
        foreach ((JsonElement a, JsonElement b) in their.OrderBy(item => Number(item, "fd")).Zip(our.OrderBy(item => Number(item, "fd")))) BpftoolRun.AssertSaid(a, b);
    }

    [Fact]
    public void Tracing_links()
    {
        using BpfObject bpf = TestObjects.Load("hook_iter", "dump_task");
        using BpfLink link = bpf.Programs["dump_task"].AttachIterator(new IteratorOptions());
        BpftoolRun.AssertSaid(BpftoolRun.WithId(BpftoolRun.Elements("link list"), link.Id), BpftoolRun.WithId(Lines("link", "list", "--json"), link.Id));
    }

    [Fact]
    public void Programs_of_cgroups()
    {
        using var cgroup = new TestCgroup();
        using AttachedProgram connect = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow), other = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using AttachedProgram only = new(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, returns: Allow);
        // What one attaches, the other shows and detaches.
        BpftoolRun.Text($"cgroup attach {cgroup.Path} connect4 id {connect.Id} multi");
        Good("cgroup", "attach", cgroup.Path, "connect4", "id", $"{other.Id}", "multi");
        Good("cgroup", "attach", cgroup.Path, "ingress", "id", $"{only.Id}");
        foreach (string[] words in new string[][] { ["show", cgroup.Path], ["show", cgroup.Path, "effective"] })
        {
            JsonElement[] theirs = [.. BpftoolRun.Elements($"cgroup {string.Join(' ', words)}").OrderBy(item => Number(item, "id"))], ours = [.. Lines(["cgroup", .. words, "--json"]).OrderBy(item => Number(item, "id"))];
            Assert.Equal((3, 3), (theirs.Length, ours.Length));
            // bpftool of Linux 6.1 calls them by other words than the kernel, and those since then by the kernel's.
            foreach ((JsonElement a, JsonElement b) in theirs.Zip(ours)) BpftoolRun.AssertSaid(a, b, "attach_type");
        }

        JsonElement tree = Assert.Single(BpftoolRun.Elements("cgroup tree"), item => Text(item, "cgroup") == cgroup.Path), own = Assert.Single(Lines("cgroup", "tree", "--json"), item => Text(item, "cgroup") == cgroup.Path);
        Assert.Equal(3, own.GetProperty("programs").GetArrayLength());
        Assert.Equal(Sorted(tree.GetProperty("programs")), Sorted(own.GetProperty("programs")));
        Good("cgroup", "detach", cgroup.Path, "connect4", "id", $"{connect.Id}");
        BpftoolRun.Text($"cgroup detach {cgroup.Path} connect4 id {other.Id}");
        BpftoolRun.Text($"cgroup detach {cgroup.Path} ingress id {only.Id}");
        Assert.Empty(Lines("cgroup", "show", cgroup.Path, "--json"));
        Assert.DoesNotContain(BpftoolRun.Elements($"cgroup show {cgroup.Path}"), item => item.TryGetProperty("id", out _));
    }

    [Fact]
    public void Programs_of_network_devices()
    {
        using var network = new TestNetwork();
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        using var filter = new AttachedProgram(BpfProgramType.SchedCls);
        BpfProgram program = bpf.Programs["xdp_plain"];
        using (TcAttacher.Attach(filter.Source, NetworkInterface.Find(network.Device), TrafficDirection.Ingress, new TcOptions { Priority = 3 }))
        {
            BpftoolRun.Text($"net attach xdpgeneric id {program.Id} dev {network.Device}");
            JsonElement theirs = Assert.Single(BpftoolRun.Elements($"net show dev {network.Device}")), ours = Assert.Single(Lines("net", "show", "dev", network.Device, "--json"));
            Assert.Equal((1, 1), (theirs.GetProperty("xdp").GetArrayLength(), theirs.GetProperty("tc").GetArrayLength()));
            BpftoolRun.AssertSaid(theirs, ours);
            Assert.Contains("xdp_plain", Good("net", "show", "dev", network.Device), StringComparison.Ordinal);
            Good("net", "detach", "xdpgeneric", "dev", network.Device);
            Assert.Equal(0, Assert.Single(BpftoolRun.Elements($"net show dev {network.Device}")).GetProperty("xdp").GetArrayLength());
            Good("net", "attach", "xdpgeneric", "id", $"{program.Id}", "dev", network.Device);
            BpftoolRun.AssertSaid(Assert.Single(BpftoolRun.Elements("net")), Assert.Single(Lines("net", "--json")), "flow_dissector");
            BpftoolRun.Text($"net detach xdpgeneric dev {network.Device}");
            Assert.Equal(0, Assert.Single(Lines("net", "show", "dev", network.Device, "--json")).GetProperty("xdp").GetArrayLength());
        }
    }

    private static uint[] Sorted(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(id => id.GetUInt32()).Order()];

    private static (uint, string?, string?)[] Sorted(JsonElement programs) =>
        [.. programs.EnumerateArray().Select(item => (Number(item, "id"), Text(item, "name"), Text(item, "attach_flags"))).Order()];
}
