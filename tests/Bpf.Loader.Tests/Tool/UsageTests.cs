using System;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("no-such-command")]
    [InlineData("verify")]
    [InlineData("inspect")]
    [InlineData("relocate")]
    [InlineData("run")]
    [InlineData("verify --no-such-option execsnoop.bpf.o")]
    [InlineData("inspect execsnoop.bpf.o --no-such-option")]
    [InlineData("relocate execsnoop.bpf.o --btf")]
    [InlineData("gen object")]
    [InlineData("gen object linked.o")]
    [InlineData("gen shared")]
    [InlineData("run execsnoop.bpf.o maps_simple.bpf.o")]
    [InlineData("run execsnoop.bpf.o --duration soon")]
    [InlineData("run execsnoop.bpf.o --duration -5s")]
    [InlineData("run execsnoop.bpf.o --duration 0s")]
    [InlineData("run execsnoop.bpf.o --set target_pid")]
    [InlineData("run execsnoop.bpf.o --set no_such_variable=1")]
    [InlineData("run execsnoop.bpf.o --set target_pid=many")]
    [InlineData("run execsnoop.bpf.o --set target_pid=4294967296")]
    [InlineData("run execsnoop.bpf.o --event events")]
    [InlineData("run execsnoop.bpf.o --event no_such_map=exec_event")]
    [InlineData("run execsnoop.bpf.o --event events=no_such_type")]
    [InlineData("top --interval soon")]
    [InlineData("top --sort colour")]
    [InlineData("list functions")]
    [InlineData("list usdt --pid many")]
    [InlineData("gen")]
    [InlineData("gen skeleton")]
    [InlineData("gen skeleton execsnoop.bpf.o --class 1st")]
    [InlineData("gen skeleton execsnoop.bpf.o --namespace A..B")]
    public void Wrong_usage_exits_with_2_and_says_why_on_the_error_output(string commandLine)
    {
        var tool = BpfTool.Run(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (tool.ExitCode, tool.Output));
        Assert.StartsWith("bpf: ", tool.Error, StringComparison.Ordinal);
        Assert.Contains("--help", tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("verify")]
    [InlineData("relocate")]
    [InlineData("inspect")]
    [InlineData("compile")]
    [InlineData("gen")]
    [InlineData("gen skeleton")]
    [InlineData("gen object")]
    [InlineData("gen shared")]
    [InlineData("gen vmlinux")]
    [InlineData("check")]
    [InlineData("btf")]
    [InlineData("btf dump")]
    [InlineData("btf list")]
    [InlineData("map")]
    [InlineData("map update")]
    [InlineData("list")]
    [InlineData("list functions")]
    [InlineData("classic")]
    [InlineData("debug")]
    [InlineData("classic run")]
    [InlineData("top")]
    [InlineData("batch file")]
    [InlineData("struct_ops")]
    public void Help_is_help(string command)
    {
        var tool = BpfTool.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Snapshot.Match(tool.Output, command.Length == 0 ? "bpf" : command.Replace(' ', '-'));
    }
}
