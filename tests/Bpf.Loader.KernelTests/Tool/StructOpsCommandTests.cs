using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf struct_ops</c>, beside bpftool.</summary>
public sealed class StructOpsCommandTests : KernelTest
{
    private const string Bpftool = "/usr/sbin/bpftool", Available = "/proc/sys/net/ipv4/tcp_available_congestion_control";

    [Fact]
    public void A_congestion_control_is_registered_shown_and_unregistered()
    {
        Requires.StructOps();
        JsonElement registered = Assert.Single(Lines("struct_ops", "register", TestObjects.PathOf("hook_struct_ops.bpf.o"), "--json"));
        string id = $"{Number(registered, "id")}";
        try
        {
            Assert.Contains("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
            Assert.Equal(("mini_cc", "tcp_congestion_ops"), (Text(registered, "name"), Text(registered, "kernel_struct_ops")));
            Assert.Equal(registered.GetRawText(), Assert.Single(Lines("struct_ops", "show", "name", "mini_cc", "--json")).GetRawText());
            Assert.Contains(Lines("struct_ops", "--json"), line => line.GetRawText() == registered.GetRawText());
            JsonElement[] dump = Lines("struct_ops", "dump", "id", id, "--json");
            JsonElement callbacks = dump[1].GetProperty("bpf_struct_ops_tcp_congestion_ops").GetProperty("data");
            Assert.StartsWith("u32 (struct sock *) mini_ssthresh/prog_id:", Text(callbacks, "ssthresh"), StringComparison.Ordinal);
            Assert.Equal("bpf_mini", Text(callbacks, "name"));
            Assert.Contains("mini_cong_avoid/prog_id:", Good("struct_ops", "dump", "name", "mini_cc"), StringComparison.Ordinal);
            BpfTool again = BpfTool.Run("struct_ops", "register", TestObjects.PathOf("hook_struct_ops.bpf.o"));
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("one of that name already", again.Error, StringComparison.Ordinal);
            if (File.Exists(Bpftool)) CompareWithBpftool(id, dump);
        }
        finally
        {
            Good("struct_ops", "unregister", "id", id);
        }

        Assert.DoesNotContain("bpf_mini", File.ReadAllText(Available), StringComparison.Ordinal);
        Assert.Equal(1, BpfTool.Run("struct_ops", "unregister", "name", "mini_cc").ExitCode);
    }

    [Fact]
    public void What_a_link_holds_is_pinned_in_a_folder()
    {
        Requires.StructOps();
        Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)");
        using var bpffs = new TestFileSystem();
        string file = TestObjects.PathOf("hook_struct_ops_link.bpf.o");
        Assert.Contains("give a folder", BpfTool.Run("struct_ops", "register", file).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bpf_minilink", File.ReadAllText(Available), StringComparison.Ordinal);
        Assert.Contains("Registered tcp_congestion_ops mini_link_cc id ", Good("struct_ops", "register", file, bpffs["links"]), StringComparison.Ordinal);
        Assert.Contains("bpf_minilink", File.ReadAllText(Available), StringComparison.Ordinal);
        Assert.Contains("bpf link detach", BpfTool.Run("struct_ops", "unregister", "name", "mini_link_cc").Error, StringComparison.Ordinal);
        foreach (string pin in Directory.GetFiles(bpffs["links"])) File.Delete(pin);
        // The kernel lets go of it after the file.
        System.Threading.SpinWait.SpinUntil(() => !File.ReadAllText(Available).Contains("bpf_minilink", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_none_is_refused()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        Assert.Contains("none of struct_ops", BpfTool.Run("struct_ops", "show", "id", $"{bpf.Maps["packets"].Id}").Error, StringComparison.Ordinal);
        Assert.Equal(1, BpfTool.Run("struct_ops", "dump", "name", "no_such_ops").ExitCode);
        Assert.Equal(2, BpfTool.Run("struct_ops", "register", TestObjects.PathOf("hook_xdp.bpf.o")).ExitCode);
        Assert.Equal(2, BpfTool.Run("struct_ops", "unregister").ExitCode);
    }

    // Its list is an array, of which ours are the elements.
    private static void CompareWithBpftool(string id, JsonElement[] dump)
    {
        using JsonDocument shown = Parse($"{Bpftool} -j struct_ops show id {id}"), dumped = Parse($"{Bpftool} -j struct_ops dump id {id}");
        Assert.Equal(Assert.Single(shown.RootElement.EnumerateArray()).GetRawText(), Assert.Single(Lines("struct_ops", "list", "id", id, "--json")).GetRawText());
        JsonElement[] theirs = [.. dumped.RootElement.EnumerateArray()];
        Assert.Equal(theirs[1].GetRawText(), dump[1].GetRawText());
        // bpftool prints those members that the running kernel's struct has, which grew.
        JsonElement ours = dump[0].GetProperty("bpf_map_info"), its = theirs[0].GetProperty("bpf_map_info");
        Assert.Equal(
            its.EnumerateObject().Where(member => member.Name is not ("hash" or "hash_size")).Select(member => (member.Name, member.Value.GetRawText())),
            ours.EnumerateObject().Where(member => its.TryGetProperty(member.Name, out _)).Select(member => (member.Name, member.Value.GetRawText())));
    }

    // Of one map, bpftool writes what would stand in the array without its brackets.
    private static JsonDocument Parse(string command) => Shell.Run(command).Trim() is var text && text.StartsWith('[') ? JsonDocument.Parse(text) : JsonDocument.Parse($"[{text}]");
}
