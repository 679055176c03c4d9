using System;
using System.IO;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Tests.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary><c>bpf btf dump</c>.</summary>
public class BtfTests
{
    [Theory]
    [InlineData("execsnoop.bpf.o")]
    [InlineData("clang-14/core_enum.bpf.o")]
    [InlineData("be/core_bitfield.bpf.o")]
    public void Types_are_printed_as_they_are_stored(string name)
    {
        BtfReader btf = BtfSamples.OfObject(name)!;
        using var expected = new StringWriter();
        BtfRawPrinter.Write(expected, btf);
        var raw = BpfTool.Run("btf", "dump", name);
        Assert.Equal((0, expected.ToString(), ""), (raw.ExitCode, raw.Output, raw.Error));

        var json = BpfTool.Run("btf", "dump", name, "--format", "json");
        JsonElement types = Assert.Single(json.Lines).GetProperty("types");
        Assert.Equal(btf.TypeCount - 1, types.GetArrayLength());
        Assert.Equal(json.Output, BpfTool.Run("btf", "dump", name, "--json").Output);
    }

    [Fact]
    public void Types_are_printed_as_a_header_that_compiles()
    {
        var header = BpfTool.Run("btf", "dump", "execsnoop.bpf.o", "--format", "c");
        Assert.Equal((0, ""), (header.ExitCode, header.Error));
        Assert.Contains("struct exec_event {", header.Output, StringComparison.Ordinal);
        Clang.Check(header.Output + "\nint size(struct exec_event *e) { return e->pid; }\n");
    }

    [Fact]
    public void A_root_is_printed_with_what_it_needs_and_nothing_else()
    {
        BtfReader btf = BtfSamples.OfObject("execsnoop.bpf.o")!;
        Assert.True(btf.TryFind("exec_event", BtfKind.Struct, out BtfTypeId id));
        string root = id.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var expected = new StringWriter();
        new BtfCPrinter(btf).Write(expected, id);
        Assert.Equal(expected.ToString(), BpfTool.Run("btf", "dump", "execsnoop.bpf.o", "-f", "c", "--root", root).Output);
        Assert.StartsWith($"[{root}] STRUCT 'exec_event'", BpfTool.Run("btf", "dump", "execsnoop.bpf.o", "--root", root).Output, StringComparison.Ordinal);
        Assert.Equal(1, BpfTool.Run("btf", "dump", "execsnoop.bpf.o", "--root", "99999").ExitCode);
    }

    [Theory]
    [InlineData("file execsnoop.bpf.o", "execsnoop.bpf.o")]
    [InlineData("file execsnoop.bpf.o format c", "execsnoop.bpf.o --format c")]
    [InlineData("file execsnoop.bpf.o format raw", "execsnoop.bpf.o")]
    [InlineData("file execsnoop.bpf.o format c root_id 3 root_id 0x5", "execsnoop.bpf.o -f c -r 3 -r 5")]
    [InlineData("file execsnoop.bpf.o --json format c", "execsnoop.bpf.o --json")]
    public void The_words_of_bpftool_are_understood(string words, string options)
    {
        var tool = BpfTool.Run(["btf", "dump", .. words.Split(' ')]);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.Equal(BpfTool.Run(["btf", "dump", .. options.Split(' ')]).Output, tool.Output);
    }

    [Theory]
    [InlineData("no-such-file.o", 1)]
    [InlineData("README.md", 1)]
    [InlineData("odd_no_btf.bpf.o", 1)]
    [InlineData("id many", 2)]
    [InlineData("file", 2)]
    [InlineData("execsnoop.bpf.o linked.bpf.o", 2)]
    [InlineData("file execsnoop.bpf.o format", 2)]
    [InlineData("file execsnoop.bpf.o format html", 2)]
    [InlineData("file execsnoop.bpf.o root_id", 2)]
    [InlineData("file execsnoop.bpf.o root_id 99999", 1)]
    [InlineData("execsnoop.bpf.o --format html", 2)]
    public void What_cannot_be_printed_is_refused(string arguments, int code)
    {
        var tool = BpfTool.Run(["btf", "dump", .. arguments.Split(' ')]);
        Assert.Equal((code, ""), (tool.ExitCode, tool.Output));
        Assert.StartsWith("bpf: ", tool.Error, StringComparison.Ordinal);
    }
}
