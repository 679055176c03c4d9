using System;
using System.IO;
using System.Linq;
using Bpf.Tool;
using Bpf.Tool.Commands.Batch;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary><c>bpf batch file</c>.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("prog show\nmap", "1:prog|show 2:map")]
    [InlineData("# all of it\n\n  \t\nprog\tshow # of now", "4:prog|show")]
    [InlineData("map update \\\n id 1 \\\n key 1\nprog", "1:map|update|id|1|key|1 4:prog")]
    [InlineData("ma\\\np", "1:map")]
    [InlineData("map # goes on \\\nprog", "1:map 2:prog")]
    [InlineData("prog show name 'a b' \"c'd\" e'f", "1:prog|show|name|a b|c'd|e'f")]
    [InlineData("prog 'a # b' # c", "1:prog|a # b")]
    [InlineData("prog ''", "1:prog|")]
    public void Lines_become_commands(string text, string commands) =>
        Assert.Equal(commands, string.Join(' ', BatchFile.Read(new StringReader(text), "f").Select(command => $"{command.Line}:{string.Join('|', command.Words)}")));

    [Theory]
    [InlineData("prog\nmap 'x", "f:2: The quote at column 5 has no end.")]
    [InlineData("prog \\", "f:1: The line goes on, but none comes behind it.")]
    public void What_has_no_end_is_said_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => BatchFile.Read(new StringReader(text), "f").ToList()).Message);

    [Fact]
    public void Commands_are_run_up_to_the_first_that_fails()
    {
        string path = Write("inspect execsnoop.bpf.o\n# a comment\ninspect \\\n  missing.o\ninspect maps_simple.bpf.o\n");
        BpfTool tool = BpfTool.Run("batch", "file", path);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("handle_exec", tool.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("maps_simple", tool.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("processed", tool.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}:3: 'inspect missing.o' failed", tool.Error, StringComparison.Ordinal);

        tool = BpfTool.Run("batch", "file", Write("inspect execsnoop.bpf.o\ninspect maps_simple.bpf.o"));
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.EndsWith("processed 2 commands\n", tool.Output, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("batch", "file", Write("no-such-command")).ExitCode);
        Assert.Equal(2, BpfTool.Run("batch", "file", Write("batch file x")).ExitCode);
        Assert.Equal(1, BpfTool.Run("batch", "file", _folder.PathOf("none")).ExitCode);
    }

    [Fact]
    public void Programs_read_a_line_for_each_command()
    {
        BpfTool tool = BpfTool.Run("batch", "file", "--json", Write("inspect execsnoop.bpf.o\nrelocate maps_simple.bpf.o execsnoop.bpf.o --btf execsnoop.bpf.o\n"));
        Assert.Equal(["inspect execsnoop.bpf.o", "relocate maps_simple.bpf.o execsnoop.bpf.o --btf execsnoop.bpf.o"], tool.Lines.Select(line => string.Join(' ', line.GetProperty("command").EnumerateArray())));
        Assert.Equal([1, 2], tool.Lines.Select(line => line.GetProperty("output").GetArrayLength()));
        Assert.Equal("execsnoop.bpf.o", tool.Lines[0].GetProperty("output")[0].GetProperty("file").GetString());
    }

    [Fact]
    public void Commands_come_from_the_standard_input()
    {
        using System.Diagnostics.Process process = BpfTool.Start("batch", "file", "-");
        process.StandardInput.Write("inspect execsnoop.bpf.o\n");
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("processed 1 commands", output, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        string path = _folder.PathOf("batch");
        File.WriteAllText(path, text);
        return path;
    }
}
