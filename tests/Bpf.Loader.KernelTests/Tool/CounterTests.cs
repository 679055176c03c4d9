using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf prog profile</c> with counters of the CPUs.</summary>
[AnyKernel]
public sealed class CounterTests : KernelTest
{
    // The clock is there in virtual machines, too; what counts it is the same that counts cycles.
    [Fact]
    public async Task A_program_is_measured_from_its_beginning_to_its_end()
    {
        Requires.Trampolines();
        using BpfObject bpf = TestObjects.Load("execsnoop");
        BpfProgram program = bpf.Programs["handle_exec"];
        using BpfLink link = program.Attach();
        using var stop = new CancellationTokenSource();
        Task others = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Shell.Run("true");
        }, TestContext.Current.CancellationToken);
        JsonElement line = Assert.Single(Lines("prog", "profile", "id", $"{program.Id}", "duration", "2", "cpu_clock", "--json"));
        await stop.CancelAsync();
        await others;
        Assert.Equal(["metric", "run_cnt", "value", "enabled", "running"], line.EnumerateObject().Select(member => member.Name));
        Assert.Equal("cpu_clock", Text(line, "metric"));
        Assert.InRange(Number(line, "run_cnt"), 1u, uint.MaxValue);
        Assert.InRange(line.GetProperty("value").GetInt64(), 1, 2_000_000_000L * Environment.ProcessorCount);
        string text = Good("prog", "profile", "id", $"{program.Id}", "duration", "0", "cpu_clock");
        Assert.Matches(@"^\n +\d+ run_cnt\n +\d+ cpu_clock *\n$", text);
    }

    [Fact]
    public void What_cannot_be_counted_is_said()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        string id = $"{bpf.Programs[0].Id}";
        BpfTool tool = BpfTool.Run("prog", "profile", "id", id, "duration", "0", "cycles", "instructions");
        string error = string.Join(' ', tool.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (tool.ExitCode == 0)
            Assert.Contains("instructions", tool.Output, StringComparison.Ordinal);
        else
            Assert.True(error.Contains("This machine has no such counter", StringComparison.Ordinal) && error.Contains("software", StringComparison.Ordinal) || error.Contains("BPF_TRACE_FENTRY", StringComparison.Ordinal) || error.Contains("fentry", StringComparison.Ordinal), error);
        BpfTool wrong = BpfTool.Run("prog", "profile", "id", id, "bogomips");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'bogomips' is no metric; there are: cycles, instructions, l1d_loads", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("prog", "profile", "id", id, "cycles", "cycles").ExitCode);
    }

    // Where nothing is attached to programs, it is said; where it is, a program without types is what is refused.
    [Fact]
    public void A_program_without_types_is_refused()
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        BpfTool tool = BpfTool.Run("prog", "profile", "id", $"{program.Id}", "duration", "0", "cpu_clock");
        Assert.Equal((1, ""), (tool.ExitCode, tool.Output));
        Assert.Contains("was loaded without BTF", string.Join(' ', tool.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
