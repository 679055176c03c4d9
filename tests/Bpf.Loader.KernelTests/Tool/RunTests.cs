using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

[AnyKernel]
public class RunTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Prints_processes_as_they_start_and_ends_by_signal(string signal)
    {
        using Process run = BpfTool.Start("run", "execsnoop.bpf.o", "--json");
        using var processes = new StartingProcesses();
        JsonElement found = default;
        while (run.StandardOutput.ReadLine() is string line)
        {
            found = JsonDocument.Parse(line).RootElement;
            if (found.GetProperty("comm").GetString() == "true" && found.GetProperty("ppid").GetInt32() == Environment.ProcessId)
                break;
        }

        Signal(run, signal);
        run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("events", found.GetProperty("@map").GetString());
        Assert.Equal("exec_event", found.GetProperty("@type").GetString());
        Assert.EndsWith("/true", found.GetProperty("filename").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, found.GetProperty("uid").GetInt32());
    }

    [Fact]
    public void Ends_when_the_time_is_over() => Assert.Equal(0, BpfTool.Run("run", "execsnoop.bpf.o", "--duration", "200ms").ExitCode);

    [Fact]
    public void Constants_are_set_before_the_load()
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var processes = new StartingProcesses();
        var tool = BpfTool.Run("run", "execsnoop.bpf.o", "--json", "--duration", "2s", "--set", "target_ppid=" + own);
        Assert.Equal(0, tool.ExitCode);
        Assert.NotEmpty(tool.Lines);
        Assert.All(tool.Lines, line => Assert.Equal(Environment.ProcessId, line.GetProperty("ppid").GetInt32()));
    }

    [Fact]
    public void People_get_a_table()
    {
        using var processes = new StartingProcesses();
        var tool = BpfTool.Run("run", "execsnoop.bpf.o", "--duration", "2s");
        string[] lines = tool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["TIME", "PID", "PPID", "UID", "COMM", "FILENAME"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(lines, line => line.EndsWith("/true", StringComparison.Ordinal));
        Assert.Contains("Ctrl-C", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_when_nobody_reads_any_more()
    {
        using var processes = new StartingProcesses();
        using Process run = BpfTool.Start("run", "execsnoop.bpf.o", "--json");
        Assert.NotNull(run.StandardOutput.ReadLine());
        run.StandardOutput.Close();
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Says_what_the_verifier_says()
    {
        var tool = BpfTool.Run("run", "bad_null.bpf.o");
        Assert.Equal((1, ""), (tool.ExitCode, tool.Output));
        Assert.StartsWith("bpf: bad_null.bpf.o:\nBPF4101: 'value' may be NULL", tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Permission denied", tool.Error, StringComparison.Ordinal);
        Assert.Contains("return *value;", tool.Error, StringComparison.Ordinal);
        Assert.Contains("R0 invalid mem access", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_nothing_behind()
    {
        int before = ProgramCount();
        Assert.Equal(0, BpfTool.Run("run", "execsnoop.bpf.o", "--duration", "100ms").ExitCode);

        // The kernel frees a program after a grace period.
        while (ProgramCount() > before)
            Thread.Sleep(20);
    }

    private static int ProgramCount() => BpfPrograms.Names().Count(name => name == "handle_exec");

    private static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
