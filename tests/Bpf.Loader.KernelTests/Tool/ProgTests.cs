using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Tool;

[AnyKernel]
public sealed class ProgTests : KernelTest
{
    [Fact]
    public void Programs_are_listed_with_what_the_kernel_tells_of_them()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        BpfProgramInfo info = bpf.Programs["xdp_plain"].GetInfo();
        JsonElement line = Assert.Single(Lines("prog", "--json"), found => Number(found, "id") == info.Id);
        Assert.Equal(("xdp", "xdp_plain", info.Tag), (Text(line, "type"), Text(line, "name"), Text(line, "tag")));
        Assert.Equal((info.XlatedLength, info.JitedLength > 0), (Number(line, "bytes_xlated"), line.GetProperty("jited").GetBoolean()));
        Assert.Equal([bpf.Maps["packets"].GetInfo().Id], line.GetProperty("map_ids").EnumerateArray().Select(id => id.GetUInt32()));
        Assert.InRange(line.GetProperty("loaded_at").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2);

        foreach (string[] words in new[] { new[] { "id", $"{info.Id}" }, ["tag", info.Tag], ["name", "xdp_plain"] })
            Assert.Contains(Lines(["prog", "show", "--json", .. words]), found => Number(found, "id") == info.Id);
        string text = Good("prog", "list", "id", $"{info.Id}");
        Assert.Contains($"{info.Id}", text, StringComparison.Ordinal);
        Assert.Contains("xdp_plain", text, StringComparison.Ordinal);
    }

    // Where bpftool is there, both say the same.
    [Fact]
    public void Programs_are_listed_as_by_bpftool()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/bpftool"), "bpftool is not installed");
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        foreach (BpfProgram program in bpf.Programs)
        {
            using JsonDocument theirs = JsonDocument.Parse(Shell.Run($"/usr/sbin/bpftool prog show id {program.Id} -j"));
            JsonElement ours = Assert.Single(Lines("prog", "show", "id", $"{program.Id}", "--json"));
            foreach (string key in new[] { "id", "type", "name", "tag", "gpl_compatible", "uid", "bytes_xlated", "jited", "bytes_jited", "map_ids", "btf_id" })
            {
                if (theirs.RootElement.TryGetProperty(key, out JsonElement value)) Assert.Equal(value.GetRawText(), ours.GetProperty(key).GetRawText());
            }

            Assert.InRange(theirs.RootElement.GetProperty("loaded_at").GetInt64() - ours.GetProperty("loaded_at").GetInt64(), -1, 1);
        }
    }

    [Fact]
    public void The_code_is_shown_with_its_source()
    {
        using BpfObject bpf = TestObjects.Load("call_subprogs");
        BpfProgram program = bpf.Programs[0];
        string id = $"{program.Id}";
        string text = Good("prog", "dump", "xlated", "id", id, "linum");
        Assert.StartsWith($"int {program.Name}(void * ctx):\n", text, StringComparison.Ordinal);
        Assert.Contains("line_num:", text, StringComparison.Ordinal);
        Assert.Contains("(95) exit", text, StringComparison.Ordinal);
        JsonElement[] instructions = Lines("prog", "dump", "xlated", "id", id, "opcodes", "--json");
        Assert.Equal(program.GetInfo().XlatedLength, (uint)instructions.Sum(line => 4 + line.GetProperty("opcodes").GetProperty("imm").GetArrayLength()));
        string file = Path.GetTempFileName();
        Good("prog", "dump", "xlated", "id", id, "file", file);
        Assert.Equal(program.GetInfo().XlatedLength, (uint)new FileInfo(file).Length);
        File.Delete(file);
        if (program.GetInfo().JitedLength > 0)
            Assert.Equal(program.GetInfo().JitedLength, (uint)Lines("prog", "dump", "jited", "id", id, "opcodes", "--json").Sum(line => line.GetProperty("insns").EnumerateArray().Sum(instruction => instruction.GetProperty("opcodes").GetArrayLength())));
        Assert.Equal(2, BpfTool.Run("prog", "dump").ExitCode);
    }

    [Fact]
    public void Programs_are_loaded_pinned_and_found_again()
    {
        Requires.Fragments();
        using var bpffs = new TestFileSystem();
        string file = TestObjects.PathOf("hook_xdp.bpf.o");
        Good("prog", "load", file, bpffs["first"], "pinmaps", bpffs["maps"]);
        Assert.Equal("xdp_plain", Text(Assert.Single(Lines("prog", "show", "pinned", bpffs["first"], "--json")), "name"));
        using (BpfMap map = BpfMap.OpenPinned(bpffs["maps/packets"])) Assert.Equal(BpfMapType.PerCpuArray, map.Type);
        Good("prog", "loadall", file, bpffs["all"]);
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        Assert.Equal(bpf.Programs.Select(program => program.Name).Order(), Directory.GetFiles(bpffs["all"]).Select(Path.GetFileName).Order());
        Good("prog", "pin", "pinned", bpffs["first"], bpffs["again"]);
        Assert.Equal(Lines("prog", "show", "pinned", bpffs["first"], "--json").Select(line => Number(line, "id")), Lines("prog", "show", "pinned", bpffs["again"], "--json").Select(line => Number(line, "id")));

        Good("prog", "load", TestObjects.PathOf("hook_tracepoint.bpf.o"), bpffs["link"], "autoattach");
        Assert.Contains("prog_id", Good("link", "show", "pinned", bpffs["link"], "--json"), StringComparison.Ordinal);

        // What is in the way leaves nothing of the rest.
        BpfTool refused = BpfTool.Run("prog", "load", file, bpffs["new"], "pinmaps", bpffs["maps"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("EEXIST", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(bpffs["new"]));
    }

    [Fact]
    public void A_program_is_run_with_an_input()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        string input = Path.GetTempFileName(), output = Path.GetTempFileName();
        File.WriteAllBytes(input, [.. Enumerable.Range(1, 64).Select(i => (byte)i)]);
        try
        {
            JsonElement line = Assert.Single(Lines("prog", "run", "id", $"{bpf.Programs["xdp_plain"].Id}", "data_in", input, "data_out", output, "repeat", "10", "--json"));
            Assert.Equal(2u, Number(line, "retval"));
            Assert.Equal(File.ReadAllBytes(input), File.ReadAllBytes(output));
            Assert.Contains("Return value: 2", Good("prog", "run", "id", $"{bpf.Programs["xdp_plain"].Id}", "data_in", input), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(input);
            File.Delete(output);
        }
    }

    [Fact]
    public void A_program_is_attached_to_a_sockmap_to_stay()
    {
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        using var program = new AttachedProgram(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1);
        string[] words = ["id", $"{program.Id}", "sk_skb_stream_verdict", "id", $"{map.GetInfo().Id}"];
        Assert.Equal(1, BpfTool.Run(["prog", "detach", .. words]).ExitCode);
        Good(["prog", "attach", .. words]);
        Good(["prog", "detach", .. words]);
        Assert.Contains("no type of attachment", BpfTool.Run("prog", "attach", "id", $"{program.Id}", "nonsense", "id", "1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_counted_for_a_while()
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        using BpfLink link = Loader.Links.RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        JsonElement line = Assert.Single(Lines("prog", "profile", "id", $"{program.Id}", "duration", "1", "--json"));
        Assert.True(Number(line, "run_cnt") > 0);
        Assert.Contains("runs", Good("prog", "profile", "id", $"{program.Id}", "duration", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_programs_print_is_shown_until_it_is_interrupted()
    {
        const int TracePrintk = 6;
        string mark = $"mark{Environment.ProcessId}";
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint, ownProcess: true, body: code =>
        {
            // "mark" and the number in 16 bytes of the stack, with their zero.
            byte[] text = new byte[16];
            System.Text.Encoding.ASCII.GetBytes(mark).CopyTo(text, 0);
            for (int i = 0; i < 16; i += 4) code.Store(BpfAccessSize.Word, R10, (short)(i - 16), BitConverter.ToInt32(text, i));
            code.Move(R1, R10)
                .Alu(BpfAluOperation.Add, R1, -16)
                .Move(R2, mark.Length + 1).CallHelper(TracePrintk);
        });
        using Process tool = BpfTool.Start("prog", "tracelog");
        using (Loader.Links.RawTracepointAttacher.Attach(program.Source, "sys_enter", 0))
        {
            string? line;
            do line = tool.StandardOutput.ReadLine();
            while (line is not null && !line.Contains(mark, StringComparison.Ordinal));
            Assert.NotNull(line);
        }

        Shell.Run($"kill -INT {tool.Id}");
        tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.Equal(0, tool.ExitCode);
    }

    [Fact]
    public void What_is_not_there_or_not_understood_is_said()
    {
        Assert.Equal(1, BpfTool.Run("prog", "show", "id", "4294967295").ExitCode);
        BpfTool wrong = BpfTool.Run("prog", "show", "number", "1");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'number' is not understood", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("bpf prog show --help", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("'bpf prog' lists them", BpfTool.Run("prog", "pin", "name", "no_such_program", "/sys/fs/bpf/x").Error, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("prog", "show", "id", "x").ExitCode);
        Assert.Equal(2, BpfTool.Run("perf", "show", "more").ExitCode);
    }

    [Theory]
    [InlineData("prog_types", "bpf_prog_type", "BPF_PROG_TYPE_")]
    [InlineData("attach_types", "bpf_attach_type", "BPF_")]
    [InlineData("link_types", "bpf_link_type", "BPF_LINK_TYPE_")]
    public void Words_are_the_kernels(string list, string type, string prefix)
    {
        string[] ours = Good("feature", "list_builtins", list).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(KernelBtf.Vmlinux.TryFind(type, BtfKind.Enum, out BtfTypeId id));
        foreach (BtfEnumerator value in KernelBtf.Vmlinux[id].Enumerators)
        {
            string name = value.Name;
            if (name.StartsWith("__", StringComparison.Ordinal) || name.EndsWith("_UNSPEC", StringComparison.Ordinal) || name.StartsWith("MAX_", StringComparison.Ordinal)) continue;
            int at = (int)value.Value - (list == "attach_types" ? 0 : 1);
            if (at < ours.Length) Assert.Equal(name[prefix.Length..].ToLowerInvariant(), ours[at]);
        }
    }

    internal static string Good(params string[] words)
    {
        BpfTool tool = BpfTool.Run(words);
        Assert.True(tool.ExitCode == 0, $"bpf {string.Join(' ', words)}: {tool.Error}");
        Assert.Equal("", tool.Error);
        return tool.Output;
    }

    internal static JsonElement[] Lines(params string[] words) => [.. new BpfTool(0, Good(words), "").Lines];

    internal static uint Number(JsonElement line, string name) => line.GetProperty(name).GetUInt32();

    internal static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
