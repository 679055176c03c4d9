using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.Tests;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

public class VerifyTests
{
    private static readonly string[] FileKeys = ["file", "open", "load", "message", "maps", "programs"];
    private static readonly string[] MapKeys = ["name", "type", "key_size", "value_size", "max_entries", "map_flags"];
    private static readonly string[] ProgramKeys = ["name", "sec", "type", "eat", "insns", "loaded", "tag", "xlated_len", "verified_insns", "error"];

    [Fact]
    public void The_line_of_a_file_has_what_was_promised()
    {
        var tool = BpfTool.Run("verify", "--json", "execsnoop.bpf.o");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        JsonElement line = Assert.Single(tool.Lines);
        Assert.Equal(FileKeys, line.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("ok", "ok"), (line.GetProperty("open").GetString(), line.GetProperty("load").GetString()));
        Assert.All(line.GetProperty("maps").EnumerateArray(), map => Assert.Equal(MapKeys, map.EnumerateObject().Select(property => property.Name)));
        JsonElement program = Assert.Single(line.GetProperty("programs").EnumerateArray());
        Assert.Equal(ProgramKeys, program.EnumerateObject().Select(property => property.Name));
        Assert.True(program.GetProperty("loaded").GetBoolean());
        Assert.True(program.GetProperty("xlated_len").GetInt32() > 0);
        Assert.Equal(JsonValueKind.Null, program.GetProperty("error").ValueKind);
    }

    [Fact]
    public void The_kernels_tag_is_the_one_that_relocate_computes()
    {
        JsonElement verified = BpfTool.Run("verify", "--json", "execsnoop.bpf.o").Lines[0].GetProperty("programs")[0];
        JsonElement relocated = BpfTool.Run("relocate", "--json", "execsnoop.bpf.o").Lines[0].GetProperty("programs")[0];
        string algorithm = Environment.OSVersion.Version >= new Version(6, 18) ? "tag_sha256" : "tag_sha1";
        Assert.Equal(verified.GetProperty("tag").GetString(), relocated.GetProperty(algorithm).GetString());
    }

    [Fact]
    public void With_each_one_refusal_hides_no_other()
    {
        var tool = BpfTool.Run("verify", "--each", "--json", "bad_target.bpf.o", "execsnoop.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        JsonElement[] programs = [.. tool.Lines[0].GetProperty("programs").EnumerateArray()];
        Assert.Equal(3, programs.Length);
        Assert.Equal(3, programs.Select(program => program.GetProperty("error").GetString()).Distinct().Count());
        Assert.All(programs, program => Assert.False(program.GetProperty("loaded").GetBoolean()));
        Assert.True(tool.Lines[1].GetProperty("programs")[0].GetProperty("loaded").GetBoolean());
    }

    [Fact]
    public void Without_each_the_first_refusal_is_the_answer()
    {
        JsonElement line = BpfTool.Run("verify", "--json", "bad_verifier.bpf.o").Lines[0];
        Assert.Equal("EACCES", line.GetProperty("load").GetString());
        JsonElement[] refused = [.. line.GetProperty("programs").EnumerateArray().Where(program => program.GetProperty("error").ValueKind == JsonValueKind.String)];
        Assert.Single(refused);
        Assert.Equal(line.GetProperty("message").GetString(), refused[0].GetProperty("error").GetString());
    }

    [Fact]
    public void Programs_get_what_is_wrong_in_fields()
    {
        JsonElement finding = BpfTool.Run("verify", "--json", "bad_null.bpf.o").Lines[0].GetProperty("finding");
        Assert.Equal("BPF4101", finding.GetProperty("id").GetString());
        Assert.Equal("bad_null.bpf.c", Path.GetFileName(finding.GetProperty("file").GetString()));
        Assert.Equal(16, finding.GetProperty("line").GetInt32());
        Assert.Equal("return *value;", finding.GetProperty("source").GetString());
        Assert.Equal(14, finding.GetProperty("origins")[0].GetProperty("line").GetInt32());
        Assert.Contains("if (!value)", finding.GetProperty("cure").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void People_see_what_is_wrong_then_the_line_of_C_and_last_the_kernels_words()
    {
        var tool = BpfTool.Run("verify", "bad_null.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        string[] lines = tool.Output.Split('\n', StringSplitOptions.TrimEntries);
        int what = Array.FindIndex(lines, line => line.Contains("BPF4101: 'value' may be NULL", StringComparison.Ordinal));
        int source = Array.FindIndex(lines, line => line.Contains("return *value;", StringComparison.Ordinal));
        int kernel = Array.FindIndex(lines, line => line.StartsWith("kernel: R0 invalid mem access", StringComparison.Ordinal));
        Assert.True(what >= 0 && what < source && source < kernel, tool.Output);
        Assert.DoesNotContain("Permission denied", tool.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("processed ", tool.Output, StringComparison.Ordinal);
        Assert.Contains("processed ", BpfTool.Run("verify", "--verbose", "bad_null.bpf.o").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_pinned()
    {
        Requires.SyscallPrograms();
        string[] pins = [.. BpfObjectFile.Open(TestData.PathOf("maps_pinned.bpf.o")).Maps.Select(map => map.PinPath).OfType<string>()];
        Assert.NotEmpty(pins);
        bool[] before = Array.ConvertAll(pins, File.Exists);
        Assert.Equal(0, BpfTool.Run("verify", "maps_pinned.bpf.o").ExitCode);
        Assert.Equal(before, Array.ConvertAll(pins, File.Exists));
    }
}
