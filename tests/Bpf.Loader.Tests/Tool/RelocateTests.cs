using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class RelocateTests
{
    private static readonly string[] FileKeys = ["file", "open", "programs"];
    private static readonly string[] ProgramKeys = ["name", "sec", "insns_final", "tag_sha1", "tag_sha256", "error"];

    [Theory]
    [InlineData("")]
    [InlineData("be/")]
    [InlineData("clang-14/")]
    public void The_line_of_a_file_has_what_was_promised_and_what_the_library_says(string variant)
    {
        string name = variant + "core_offset.bpf.o";
        var tool = BpfTool.Run("relocate", "--json", name, "--btf", variant + "btf/moved.bpf.o");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        JsonElement line = Assert.Single(tool.Lines);
        Assert.Equal(FileKeys, line.EnumerateObject().Select(property => property.Name));

        var target = new TargetTypes(BtfReader.ReadRawOrElf(TestData.Read(variant + "btf/moved.bpf.o")));
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        IReadOnlyList<BpfRelocatedProgram> expected = file.Relocate(target);
        JsonElement[] programs = [.. line.GetProperty("programs").EnumerateArray()];
        Assert.Equal(file.Programs.Count, programs.Length);
        for (int i = 0; i < programs.Length; i++)
        {
            Assert.Equal(ProgramKeys, programs[i].EnumerateObject().Select(property => property.Name));
            Assert.Equal(expected[i].Definition.Name, programs[i].GetProperty("name").GetString());
            Assert.Equal(expected[i].Instructions.Length, programs[i].GetProperty("insns_final").GetInt32());
            Assert.Equal(ProgramTag.Sha1(expected[i].Instructions.Span, file.IsBigEndian), programs[i].GetProperty("tag_sha1").GetString());
            Assert.Equal(ProgramTag.Sha256(expected[i].Instructions.Span, file.IsBigEndian), programs[i].GetProperty("tag_sha256").GetString());
            Assert.Equal(JsonValueKind.Null, programs[i].GetProperty("error").ValueKind);
        }
    }

    [Fact]
    public void Warnings_of_a_file_are_said_once_and_are_in_its_line()
    {
        var tool = BpfTool.Run("relocate", "--json", "data_pointers.bpf.o", "--btf", "btf/same.bpf.o");
        Assert.Equal(0, tool.ExitCode);
        JsonElement[] diagnostics = [.. Assert.Single(tool.Lines).GetProperty("diagnostics").EnumerateArray()];
        Assert.Equal(4, diagnostics.Length);
        Assert.All(diagnostics, finding => Assert.Equal(("BPF1196", "warning"), (finding.GetProperty("id").GetString(), finding.GetProperty("severity").GetString())));
        Assert.Equal(4, tool.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("warning BPF1196", StringComparison.Ordinal)));
        Assert.Contains("warning BPF1196", BpfTool.Run("check", "data_pointers.bpf.o", "--btf", "btf/same.bpf.o").Output, StringComparison.Ordinal);
        Assert.Contains("warning BPF1196", BpfTool.Run("inspect", "data_pointers.bpf.o").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_in_the_given_types_is_told_with_their_name()
    {
        var tool = BpfTool.Run("relocate", "--json", "extern_kfuncs.bpf.o", "--btf", "btf/same.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("is not in 'same.bpf.o'", Assert.Single(tool.Lines).GetProperty("programs")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_moved_change_the_tags()
    {
        string Tags(string btf) => BpfTool.Run("relocate", "--json", "core_offset.bpf.o", "--btf", btf).Output;
        Assert.NotEqual(Tags("btf/same.bpf.o"), Tags("btf/moved.bpf.o"));
    }

    [Fact]
    public void The_dump_names_what_instructions_refer_to() =>
        Snapshot.Match(BpfTool.Run("relocate", "--dump", "call_subprogs.bpf.o", "--btf", "btf/same.bpf.o").Output);

    [Fact]
    public void A_bad_file_or_program_stops_no_other()
    {
        var tool = BpfTool.Run("relocate", "--json", "no-such-file.bpf.o", "bad_kfunc.bpf.o", "call_subprogs.bpf.o", "--btf", "btf/same.bpf.o");
        Assert.Equal(1, tool.ExitCode);
        Assert.Equal(["BPF1009", "ok", "ok"], tool.Lines.Select(line => line.GetProperty("open").GetString()!));
        Assert.NotEqual("", tool.Lines[0].GetProperty("message").GetString());
        JsonElement failed = tool.Lines[1].GetProperty("programs")[0];
        Assert.NotEqual("", failed.GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, failed.GetProperty("tag_sha1").ValueKind);
        Assert.All(tool.Lines[2].GetProperty("programs").EnumerateArray(), program => Assert.Equal(16, program.GetProperty("tag_sha1").GetString()!.Length));
    }

    [Theory]
    [InlineData("no-such-file.btf")]
    [InlineData("README.md")]
    public void Types_that_cannot_be_read_are_the_failure_of_each_file(string btf)
    {
        var tool = BpfTool.Run("relocate", "--json", "execsnoop.bpf.o", "core_offset.bpf.o", "--btf", btf);
        Assert.Equal((1, 2), (tool.ExitCode, tool.Lines.Count));
        Assert.All(tool.Lines, line => Assert.StartsWith("BPF", line.GetProperty("open").GetString()!, StringComparison.Ordinal));
    }
}
