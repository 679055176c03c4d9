using System;
using System.IO;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf btf dump</c> of what the kernel holds, beside bpftool.</summary>
[AnyKernel]
public class BtfTests : KernelTest
{
    [Theory]
    [InlineData("prog id {program}")]
    [InlineData("prog name sample")]
    [InlineData("map id {map}")]
    [InlineData("map id {map} kv")]
    [InlineData("map id {map} key")]
    [InlineData("map id {map} value")]
    [InlineData("map id {map} all")]
    [InlineData("map id {map} value format raw")]
    [InlineData("file {object}")]
    [InlineData("prog id {program} format c")]
    public void Types_are_those_that_bpftool_prints(string grammar)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/bpftool"), "bpftool is not installed");
        using BpfObject bpf = TestObjects.Load("hook_perf_event");
        string words = grammar
            .Replace("{program}", $"{bpf.Programs[0].Id}", StringComparison.Ordinal)
            .Replace("{map}", $"{bpf.Maps["counts"].Id}", StringComparison.Ordinal).Replace("{object}", TestObjects.PathOf("hook_perf_event.bpf.o"), StringComparison.Ordinal);
        var tool = BpfTool.Run(["btf", "dump", .. words.Split(' ')]);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.NotEmpty(tool.Output);
        Assert.Equal(Shell.Run($"/usr/sbin/bpftool btf dump {words}"), tool.Output);
        if (words.Contains("format", StringComparison.Ordinal)) return;
        using JsonDocument theirs = JsonDocument.Parse(Shell.Run($"/usr/sbin/bpftool -j btf dump {words}")), ours = JsonDocument.Parse(BpfTool.Run(["btf", "dump", .. words.Split(' '), "--json"]).Output);
        Assert.True(JsonElement.DeepEquals(theirs.RootElement, ours.RootElement), $"{theirs.RootElement}\n{ours.RootElement}");
    }
}
