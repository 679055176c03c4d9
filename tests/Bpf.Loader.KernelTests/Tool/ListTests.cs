using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

[AnyKernel]
public sealed class ListTests : KernelTest
{
    // As in UprobeTests.
    static ListTests() => NativeShims.Talk(NativeShims.UprobeTarget, _ => { });

    [Fact]
    public void The_functions_of_a_binary_are_those_that_nm_prints()
    {
        Requires.RealProcessor();
        var addresses = new Dictionary<string, ulong>();
        foreach (string line in Shell.Run($"nm --defined-only {NativeShims.UprobeTarget}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words[1] is "t" or "T" && words[2].StartsWith("uprobe_", StringComparison.Ordinal)) addresses.Add(words[2], Convert.ToUInt64(words[0], 16));
        }

        JsonElement[] lines = [.. Good("list", "functions", NativeShims.UprobeTarget, "--json").Lines];
        Assert.All(addresses, known =>
        {
            JsonElement line = Assert.Single(lines, line => line.GetProperty("name").GetString() == known.Key);
            Assert.Equal((known.Value, known.Key != "uprobe_target_static"), (line.GetProperty("address").GetUInt64(), line.GetProperty("exported").GetBoolean()));
        });
        Assert.Equal(4, addresses.Count);
        Assert.Contains($"{NativeShims.UprobeTarget}:uprobe_target_add  0x", Good("list", "functions", NativeShims.UprobeTarget).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probes_of_a_binary_have_their_places()
    {
        using BpfBinary binary = BpfBinary.Open(NativeShims.UsdtTarget);
        Assert.NotEmpty(binary.UsdtProbes);
        Assert.False(binary.BuildId.IsEmpty);
        JsonElement[] lines = [.. Good("list", "usdt", NativeShims.UsdtTarget, "--json").Lines];
        Assert.Equal(binary.UsdtProbes.Select(probe => (probe.Provider, probe.Name, probe.Places.Count)), lines.Select(line => (
            line.GetProperty("provider").GetString()!, line.GetProperty("name").GetString()!, line.GetProperty("places").GetArrayLength())));
        Assert.Contains(":usdt_target:places", Good("list", "usdt", NativeShims.UsdtTarget).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_process_runs_is_listed_by_its_id()
    {
        NativeShims.Talk(NativeShims.LinkedUprobeTarget, process =>
        {
            NativeShims.Ask(process);
            string[] names = [.. Good("list", "functions", "--pid", $"{process.Id}", "--json").Lines.Select(line => line.GetProperty("name").GetString()!)];
            Assert.Contains("uprobe_target_add", names); // of the library
            Assert.Contains("main", names); // of the program
            Assert.Contains("malloc", names); // of the C library
            Assert.Contains("uprobe_target_add", Good("list", "functions", "libuprobe-target.so", "--pid", $"{process.Id}").Output, StringComparison.Ordinal);
            using BpfBinary library = BpfBinary.OpenMapped(process.Id).Single(binary => Path.GetFileName(binary.Path) == "libuprobe-target.so");
            Assert.Contains(library.Functions, function => function.Name == "uprobe_target_add");
        });
    }

    [Fact]
    public void A_deleted_file_is_out_of_reach_without_the_right_to_it()
    {
        string copy = Path.Combine(Directory.CreateTempSubdirectory("bpf-list-").FullName, "own");
        try
        {
            File.Copy(NativeShims.UprobeTarget, copy);
            string library = Path.Combine(Path.GetDirectoryName(copy)!, "libuprobe-target.so"), linked = Path.Combine(Path.GetDirectoryName(copy)!, "linked");
            File.Copy(NativeShims.UprobeLibrary, library);
            File.Copy(NativeShims.LinkedUprobeTarget, linked);
            NativeShims.Talk(linked, process =>
            {
                NativeShims.Ask(process);
                File.Delete(library);
                Assert.Contains("uprobe_target_add", Good("list", "functions", library, "--pid", $"{process.Id}").Output, StringComparison.Ordinal);
                (int code, _, string errors) = Shell.TryWith("+sys_ptrace", $"{BpfTool.Path} list functions {library} --pid {process.Id}");
                Assert.Equal(1, code);
                Assert.Contains("BPF5020", errors, StringComparison.Ordinal);
                Assert.Contains("CAP_CHECKPOINT_RESTORE", errors, StringComparison.Ordinal);
            });
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
        }
    }

    [Theory]
    [InlineData("list functions /dev/zero", "a device")]
    [InlineData("list usdt /nonexistent/file", "There is no file")]
    [InlineData("list functions --pid 2147483647", "cannot be read")]
    public void What_cannot_be_listed_is_said(string command, string reason)
    {
        BpfTool tool = BpfTool.Run(command.Split(' '));
        Assert.Equal((1, ""), (tool.ExitCode, tool.Output));
        Assert.Contains(reason, tool.Error, StringComparison.Ordinal);
    }

    private static BpfTool Good(params string[] words)
    {
        BpfTool tool = BpfTool.Run(words);
        Assert.True(tool.ExitCode == 0, tool.Error);
        return tool;
    }
}
