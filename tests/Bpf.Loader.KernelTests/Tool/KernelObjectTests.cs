using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf link</c>, <c>net</c>, <c>cgroup</c>, <c>perf</c>, <c>feature</c> and <c>iter</c>.</summary>
[AnyKernel]
public sealed class KernelObjectTests : KernelTest
{
    private const int XdpPass = 2, Allow = 1;

    [Fact]
    public void Links_are_listed_pinned_and_detached()
    {
        using var network = new TestNetwork();
        using var bpffs = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        using BpfLink link = XdpAttacher.Attach(program.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        string id = $"{link.Id}";
        JsonElement line = Assert.Single(Lines("link", "--json"), found => Number(found, "id") == link.Id);
        Assert.Equal(("xdp", network.Device, program.Id), (Text(line, "type"), Text(line, "devname"), Number(line, "prog_id")));
        Assert.Contains(network.Device, Good("link", "show", "id", id), StringComparison.Ordinal);
        Good("link", "pin", "id", id, bpffs["link"]);
        Assert.Equal(link.Id, Number(Assert.Single(Lines("link", "list", "pinned", bpffs["link"], "--json")), "id"));
        Good("link", "detach", "pinned", bpffs["link"]);
        Assert.Equal(0u, link.GetInfo() is Loader.Links.Info.DeviceLinkInfo info ? info.InterfaceIndex : 1);
        Assert.Equal(1, BpfTool.Run("link", "show", "id", "4294967295").ExitCode);
    }

    // Every kind of link that this kernel has is shown with what it is attached to.
    [Fact]
    public void Links_of_each_kind_are_described()
    {
        using var cgroup = new TestCgroup();
        using var network = new TestNetwork();
        using AttachedProgram raw = new(BpfProgramType.RawTracepoint), point = new(BpfProgramType.Tracepoint), probe = new(BpfProgramType.Kprobe);
        using AttachedProgram connect = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        using AttachedProgram lookup = new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1);
        using BpfLink rawLink = RawTracepointAttacher.Attach(raw.Source, "sched_switch", 0);
        using BpfLink cgroupLink = CgroupAttacher.Attach(connect.Source, cgroup.Path, new CgroupOptions());
        using BpfLink netnsLink = NetnsAttacher.Attach(lookup.Source, network.NamespacePath);
        using BpfObject iterators = TestObjects.Load("hook_iter", "dump_task");
        using BpfLink iterator = iterators.Programs["dump_task"].AttachIterator(new IteratorOptions());
        JsonElement[] lines = Lines("link", "--json");
        JsonElement Of(uint id) => Assert.Single(lines, line => Number(line, "id") == id);
        Assert.Equal("sched_switch", Text(Of(rawLink.Id), "tp_name"));
        Assert.Equal((cgroup.Id, "cgroup_inet4_connect"), (Of(cgroupLink.Id).GetProperty("cgroup_id").GetUInt64(), Text(Of(cgroupLink.Id), "attach_type")));
        Assert.Equal("sk_lookup", Text(Of(netnsLink.Id), "attach_type"));
        Assert.Equal("task", Text(Of(iterator.Id), "target_name"));
        string text = Good("link");
        foreach (string part in new[] { "tp 'sched_switch'", $"cgroup {cgroup.Id} cgroup_inet4_connect", "sk_lookup", "task" })
            Assert.Contains(part, text, StringComparison.Ordinal);

        if (!Requires.Has("bpf_perf_link_attach") || Environment.OSVersion.Version < new Version(6, 6)) return;
        using BpfLink tracepoint = TracepointAttacher.Attach(point.Source, "sched", "sched_process_exec", 0);
        using BpfLink uprobe = UprobeAttacher.Attach(probe.Source, NativeShims.UprobeTarget, "uprobe_target_add", true, new UprobeOptions { Cookie = 7 });
        lines = Lines("link", "--json");
        Assert.Equal("sched_process_exec", Text(Of(tracepoint.Id), "tracepoint"));
        Assert.Equal((NativeShims.UprobeTarget, true), (Text(Of(uprobe.Id), "file"), Of(uprobe.Id).GetProperty("retprobe").GetBoolean()));
        Assert.Contains($"uretprobe {NativeShims.UprobeTarget}", Good("link"), StringComparison.Ordinal);
    }

    [Fact]
    public void Xdp_is_attached_listed_and_detached()
    {
        using var network = new TestNetwork();
        using AttachedProgram program = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass), other = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: XdpPass);
        Good("net", "attach", "xdpgeneric", "id", $"{program.Id}", "dev", network.Device);
        JsonElement line = Assert.Single(Assert.Single(Lines("net", "--json")).GetProperty("xdp").EnumerateArray(), found => Text(found, "devname") == network.Device);
        Assert.Equal(("generic", program.Id), (Text(line, "mode"), Number(line, "id")));
        network.ReceiveUntil(() => program.Runs >= 5);

        BpfTool refused = BpfTool.Run("net", "attach", "xdpgeneric", "id", $"{other.Id}", "dev", network.Device);
        Assert.Equal(1, refused.ExitCode);
        // What is told is broken into lines.
        Assert.Contains($"another program is there (program {program.Id}", string.Join(' ', refused.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Good("net", "attach", "xdpgeneric", "id", $"{other.Id}", "dev", network.Device, "overwrite");
        Assert.Contains($"{other.Id}", Good("net", "show", "dev", network.Device), StringComparison.Ordinal);
        Good("net", "detach", "xdpgeneric", "dev", network.Device);
        Assert.Equal("", Good("net", "show", "dev", network.Device));
        Assert.Equal(1, BpfTool.Run("net", "show", "dev", "none-such").ExitCode);
        Assert.Equal(2, BpfTool.Run("net", "attach", "nothing", "id", $"{other.Id}", "dev", network.Device).ExitCode);
    }

    [Fact]
    public void Tcx_is_attached_listed_and_detached()
    {
        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using var network = new TestNetwork();
        using AttachedProgram program = new(BpfProgramType.SchedCls, returns: -1), filter = new(BpfProgramType.SchedCls);
        Good("net", "attach", "tcx_ingress", "id", $"{program.Id}", "dev", network.Device);
        using (BpfTcLink tc = TcAttacher.Attach(filter.Source, NetworkInterface.Find(network.Device), TrafficDirection.Ingress, new TcOptions { Priority = 3 }))
        {
            Assert.Equal(
                [("tcx/ingress", program.Id), ("clsact/ingress", filter.Id)],
                Assert.Single(Lines("net", "show", "dev", network.Device, "--json")).GetProperty("tc").EnumerateArray()
                    .Select(found => (Text(found, "kind")!, found.TryGetProperty("prog_id", out JsonElement id) ? id.GetUInt32() : Number(found, "id"))));
            Assert.Contains("prio 3", Good("net", "show", "dev", network.Device), StringComparison.Ordinal);
        }

        network.ReceiveUntil(() => program.Runs >= 5);
        Good("net", "detach", "tcx_ingress", "dev", network.Device);
        Assert.Equal("", Good("net", "show", "dev", network.Device));
    }

    [Fact]
    public void Programs_of_cgroups_are_attached_listed_and_detached()
    {
        using var cgroup = new TestCgroup();
        using AttachedProgram program = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow);
        string[] words = [cgroup.Path, "connect4", "id", $"{program.Id}"]; // bpftool's older word
        Good(["cgroup", "attach", .. words, "multi"]);
        JsonElement line = Assert.Single(Lines("cgroup", "show", cgroup.Path, "--json"));
        Assert.Equal((program.Id, "cgroup_inet4_connect", "multi", "attached"), (Number(line, "id"), Text(line, "attach_type"), Text(line, "attach_flags"), Text(line, "name")));
        Assert.Contains(Lines("cgroup", "tree", "--json"), found => Text(found, "cgroup") == cgroup.Path && Number(Assert.Single(found.GetProperty("programs").EnumerateArray()), "id") == program.Id);
        Assert.Contains(cgroup.Path, Good("cgroup", "tree"), StringComparison.Ordinal);
        Assert.Contains(Lines("cgroup", "show", cgroup.Path, "effective", "--json"), found => Number(found, "id") == program.Id);
        Good(["cgroup", "detach", .. words]);
        Assert.Empty(Lines("cgroup", "show", cgroup.Path, "--json"));
        BpfTool refused = BpfTool.Run(["cgroup", "detach", .. words]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is not attached there", refused.Error, StringComparison.Ordinal);
        Assert.Contains("not a cgroup of version 2", BpfTool.Run("cgroup", "show", "/tmp").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_of_processes_are_listed()
    {
        using AttachedProgram raw = new(BpfProgramType.RawTracepoint);
        using BpfLink link = RawTracepointAttacher.Attach(raw.Source, "sched_switch", 0);
        JsonElement line = Assert.Single(Lines("perf", "list", "pid", $"{Environment.ProcessId}", "--json"), found => Number(found, "prog_id") == raw.Id);
        Assert.Equal(("raw_tracepoint", "sched_switch", (uint)Environment.ProcessId), (Text(line, "fd_type"), Text(line, "tracepoint"), Number(line, "pid")));
        Assert.Contains("sched_switch", Good("perf"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_iterator_is_pinned_and_read_like_a_file()
    {
        KernelPolicy.Permits(TestObjects.Open("hook_iter"));
        using var bpffs = new TestFileSystem();
        Good("iter", "pin", TestObjects.PathOf("hook_iter.bpf.o"), bpffs["tasks"]);
        byte[] first = File.ReadAllBytes(bpffs["tasks"]);
        Assert.True(first.Length >= 16 && first.Length % 8 == 0);
        Assert.Equal("iter", Text(Assert.Single(Lines("link", "show", "pinned", bpffs["tasks"], "--json")), "type"));
        Assert.Equal(2, BpfTool.Run("iter", "pin", TestObjects.PathOf("hook_tracepoint.bpf.o"), bpffs["none"]).ExitCode);
    }

    [Fact]
    public void The_kernel_is_probed()
    {
        // What the kernel's policy forbids cannot be asked, and that is said.
        var tool = BpfTool.Run("feature", "--json");
        Assert.Equal(0, tool.ExitCode);
        if (tool.Error.Length != 0) Assert.StartsWith("bpf: not all could be asked", tool.Error, StringComparison.Ordinal);
        JsonElement[] lines = [.. tool.Lines];
        Assert.Contains(lines, line => Text(line, "kind") == "prog_type" && Text(line, "name") == "socket_filter" && Text(line, "have") == "yes");
        // In the order of their numbers.
        string[] names = Good("feature", "list_builtins", "map_types").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        BpfMapType[] types = Enum.GetValues<BpfMapType>()[1..];
        Assert.Equal((types.Length, "hash"), (names.Length, names[0]));
        foreach ((BpfMapType type, string name) in types.Zip(names))
        {
            JsonElement line = Assert.Single(lines, line => Text(line, "kind") == "map_type" && Text(line, "name") == name);
            Assert.Equal(BpfFeatures.Supports(type) ? "yes" : "no", Text(line, "have"));
        }

        Assert.Equal("yes", Have("tracepoint", "sched", "sched_switch"));
        Assert.Contains("yes", Good("feature", "probe", "map_type", "percpu_hash"), StringComparison.Ordinal);
        Assert.Equal("yes", Have("helper", "kprobe", "bpf_ktime_get_ns"));
        Assert.Equal("no", Have("kfunc", "xdp", "bpf_no_such_function"));
        Assert.Equal(2, BpfTool.Run("feature", "probe", "helper", "tracing", "bpf_ktime_get_ns").ExitCode);
        Assert.Contains("bpf_map_lookup_elem", Good("feature", "list_builtins", "helpers"), StringComparison.Ordinal);
    }

    private static string? Have(params string[] question) => Text(Assert.Single(Lines(["feature", "probe", .. question, "--json"])), "have");
}
