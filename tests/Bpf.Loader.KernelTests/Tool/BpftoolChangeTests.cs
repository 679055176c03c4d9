using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>The same words do the same as bpftool's, seen by bpftool.</summary>
[AnyKernel]
public sealed class BpftoolChangeTests : KernelTest
{
    public BpftoolChangeTests() => BpftoolRun.Require();

    // Each with bpftool on one map and here on the other.
    [Theory]
    [InlineData("hash 4 4 8", "update M key 1 0 0 0 value 2 0 0 0", "update M key hex 0a 00 00 00 value hex 0b 0c 00 00 noexist", "update M key 1 0 0 0 value 3 0 0 0 exist", "update M key 0x10 0 0 0 value 7 0 0 0 any", "delete M key 10 0 0 0")]
    [InlineData("array 4 8 3", "update M key 1 0 0 0 value 1 2 3 4 5 6 7 8", "freeze M")]
    [InlineData("percpu_array 4 8 2", "update M key 0 0 0 0 value 1 2 3 4 5 6 7 8")]
    [InlineData("lpm_trie 8 4 4", "update M key 8 0 0 0 10 0 0 0 value 1 0 0 0", "update M key 16 0 0 0 10 1 0 0 value 2 0 0 0", "delete M key 8 0 0 0 10 0 0 0")]
    public void Maps_are_made_and_changed(string kind, params string[] commands)
    {
        using var files = new TestFileSystem();
        string[] sizes = kind.Split(' ');
        // bpftool has a word for flags of the map, and the trie is made with one: BPF_F_NO_PREALLOC.
        string flags = sizes[0] == "lpm_trie" ? " flags 1" : "";
        string create = $"type {sizes[0]} key {sizes[1]} value {sizes[2]} entries {sizes[3]} name compared{flags}";
        BpftoolRun.Text($"map create {files["theirs"]} {create}");
        Good(["map", "create", files["ours"], .. create.Split(' ')]);
        JsonElement their = Info(files["theirs"]), our = Info(files["ours"]);
        BpftoolRun.AssertSaid(their, our, "id", "pinned");
        foreach (string command in commands)
        {
            BpftoolRun.Text("map " + command.Replace("M", $"pinned {files["theirs"]}", StringComparison.Ordinal));
            Good(["map", .. command.Replace("M", $"pinned {files["ours"]}", StringComparison.Ordinal).Split(' ')]);
        }

        BpftoolRun.AssertSaid(Info(files["theirs"]), Info(files["ours"]), "id", "pinned");
        JsonElement[] theirs = Dump(files["theirs"]), ours = Dump(files["ours"]);
        Assert.Equal(theirs.Select(entry => entry.GetRawText()).Order(), ours.Select(entry => entry.GetRawText()).Order());
        Assert.NotEmpty(theirs);

        // Entries one by one, and the order of keys.
        foreach (JsonElement entry in ours)
        {
            string key = string.Join(' ', entry.GetProperty("key").EnumerateArray().Select(one => one.GetString()));
            JsonElement looked = Assert.Single(Lines(["map", "lookup", "pinned", files["ours"], "key", .. key.Split(' '), "--json"]));
            if (entry.TryGetProperty("value", out JsonElement value)) Assert.Equal(Hex(value), Text(looked, "value_hex"));
            else Assert.Equal(entry.GetProperty("values").EnumerateArray().Select(one => Hex(one.GetProperty("value"))), looked.GetProperty("values").EnumerateArray().Select(one => Text(one, "value_hex")!));
            (int code, string next, _) = Shell.Try($"/usr/sbin/bpftool -j map getnext pinned {files["ours"]} key {key}");
            BpfTool found = BpfTool.Run(["map", "getnext", "pinned", files["ours"], "key", .. key.Split(' '), "--json"]);
            Assert.Equal(code == 0, found.ExitCode == 0);
            if (code == 0) Assert.Equal(Hex(JsonDocument.Parse(next).RootElement.GetProperty("next_key")), Text(Assert.Single(found.Lines), "next_key_hex"));
        }
    }

    [Theory]
    [InlineData("queue", "dequeue", "enqueue")]
    [InlineData("stack", "pop", "push")]
    public void Queues_and_stacks_give_the_same(string type, string take, string put)
    {
        using var files = new TestFileSystem();
        foreach (string name in new[] { "theirs", "ours" }) BpftoolRun.Text($"map create {files[name]} type {type} value 4 entries 4 name compared");
        for (int i = 1; i <= 3; i++)
        {
            BpftoolRun.Text($"map {put} pinned {files["theirs"]} value {i} 0 0 0");
            Good("map", put, "pinned", files["ours"], "value", $"{i}", "0", "0", "0");
        }

        foreach (string command in new[] { "peek", take, take, "peek", take })
        {
            JsonElement their = Assert.Single(BpftoolRun.Elements($"map {command} pinned {files["theirs"]}"));
            Assert.Equal(Hex(their.GetProperty("value")), Text(Assert.Single(Lines("map", command, "pinned", files["ours"], "--json")), "value_hex"));
        }

        Assert.Equal(1, BpfTool.Run("map", take, "pinned", files["ours"]).ExitCode);
    }

    [Fact]
    public void Maps_programs_and_links_are_pinned_and_detached()
    {
        using var files = new TestFileSystem();
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        using AttachedProgram program = new(BpfProgramType.RawTracepoint), another = new(BpfProgramType.RawTracepoint);
        using BpfLink link = RawTracepointAttacher.Attach(program.Source, "sched_switch", 0);
        (uint map, uint prog) = (bpf.Maps["packets"].Id, bpf.Programs["xdp_plain"].Id);
        foreach ((string kind, uint id) in new[] { ("map", map), ("prog", prog), ("link", link.Id) })
        {
            BpftoolRun.Text($"{kind} pin id {id} {files[$"their_{kind}"]}");
            Good(kind, "pin", "id", $"{id}", files[$"our_{kind}"]);
            Assert.Equal(id, Number(Assert.Single(BpftoolRun.Elements($"{kind} show pinned {files[$"our_{kind}"]}")), "id"));
            Assert.Equal(id, Number(Assert.Single(Lines(kind, "show", "pinned", files[$"their_{kind}"], "--json")), "id"));
        }

        // Links of this type cannot be detached by force: both say so.
        Assert.NotEqual(0, Shell.Try($"/usr/sbin/bpftool link detach id {link.Id}").Code);
        Assert.Equal(1, BpfTool.Run("link", "detach", "id", $"{link.Id}").ExitCode);
        using var cgroup = new TestCgroup();
        using AttachedProgram one = new(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, returns: 1), two = new(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, returns: 1);
        using BpfLink first = CgroupAttacher.Attach(one.Source, cgroup.Path, new CgroupOptions()), second = CgroupAttacher.Attach(two.Source, cgroup.Path, new CgroupOptions());
        BpftoolRun.Text($"link detach id {first.Id}");
        Good("link", "detach", "id", $"{second.Id}");
        foreach (BpfLink detached in new[] { first, second }) Assert.Equal(0, Assert.Single(BpftoolRun.Elements($"link show id {detached.Id}")).GetProperty("cgroup_id").GetInt64());
    }

    [Fact]
    public void Objects_are_loaded_with_the_same_programs()
    {
        Requires.Fragments();
        using var files = new TestFileSystem();
        string file = TestObjects.PathOf("hook_xdp.bpf.o");
        BpftoolRun.Text($"prog loadall {file} {files["theirs"]}");
        Good("prog", "loadall", file, files["ours"]);
        string[] names = [.. Directory.GetFiles(files["theirs"]).Select(Path.GetFileName).Order()!];
        Assert.Equal(names, Directory.GetFiles(files["ours"]).Select(Path.GetFileName).Order());
        foreach (string name in names)
        {
            BpftoolRun.AssertSaid(
                Assert.Single(BpftoolRun.Elements($"prog show pinned {files["theirs"]}/{name}")), Assert.Single(Lines("prog", "show", "pinned", $"{files["ours"]}/{name}", "--json")),
                "id", "loaded_at", "map_ids", "btf_id");
        }
    }

    [Fact]
    public void Programs_of_sockets_are_attached_and_detached()
    {
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        using var program = new AttachedProgram(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1);
        string words = $"id {program.Id} sk_skb_stream_verdict id {map.Id}";
        BpftoolRun.Text($"prog attach {words}");
        Good(["prog", "detach", .. words.Split(' ')]);
        Good(["prog", "attach", .. words.Split(' ')]);
        BpftoolRun.Text($"prog detach {words}");
        Assert.Equal(1, BpfTool.Run(["prog", "detach", .. words.Split(' ')]).ExitCode);
    }

    [Fact]
    public void Structures_of_callbacks_are_registered_and_unregistered()
    {
        const string Available = "/proc/sys/net/ipv4/tcp_available_congestion_control";
        Requires.StructOps();
        string file = TestObjects.PathOf("hook_struct_ops.bpf.o");
        BpftoolRun.Text($"struct_ops register {file}");
        Assert.Contains("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
        Good("struct_ops", "unregister", "name", "mini_cc");
        Assert.DoesNotContain("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
        Good("struct_ops", "register", file);
        Assert.Contains("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
        BpftoolRun.Text("struct_ops unregister name mini_cc");
        Assert.DoesNotContain("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
    }

    [Fact]
    public void Iterators_give_the_same()
    {
        KernelPolicy.Permits(TestObjects.Open("hook_iter"));
        using var files = new TestFileSystem();
        string file = TestObjects.PathOf("hook_iter.bpf.o");
        BpftoolRun.Text($"iter pin {file} {files["theirs"]}");
        Good("iter", "pin", file, files["ours"]);
        JsonElement their = Assert.Single(BpftoolRun.Elements($"link show pinned {files["theirs"]}"));
        BpftoolRun.AssertSaid(their, Assert.Single(Lines("link", "show", "pinned", files["ours"], "--json")), "id", "prog_id");
    }

    [Fact]
    public void Files_of_commands_are_run_in_order()
    {
        using var files = new TestFileSystem();
        string path = Path.GetTempFileName();
        try
        {
            foreach (string name in new[] { "theirs", "ours" })
            {
                string map = files[name];
                File.WriteAllText(path, $"# a map and its entries\nmap create {map} type hash key 4 value 4 entries 4 name compared\nmap update pinned {map} key 1 0 0 0 value 2 0 0 0\n\nmap update pinned {map} key 3 0 0 0 value 4 0 0 0\n");
                if (name == "theirs") BpftoolRun.Text($"batch file {path}");
                else Good("batch", "file", path);
            }

            Assert.Equal(Dump(files["theirs"]).Select(entry => entry.GetRawText()).Order(), Dump(files["ours"]).Select(entry => entry.GetRawText()).Order());
            Assert.Equal(2, Dump(files["ours"]).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JsonElement Info(string path) => Assert.Single(BpftoolRun.Elements($"map show pinned {path}"));

    private static JsonElement[] Dump(string path) => BpftoolRun.Elements($"map dump pinned {path}");

    private static string Hex(JsonElement bytes) => string.Concat(bytes.EnumerateArray().Select(one => Convert.ToByte(one.GetString(), 16).ToString("x2", CultureInfo.InvariantCulture)));
}
