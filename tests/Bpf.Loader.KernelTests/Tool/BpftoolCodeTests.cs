using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>Code is shown and run as by bpftool.</summary>
[AnyKernel]
public sealed partial class BpftoolCodeTests : KernelTest
{
    public BpftoolCodeTests() => BpftoolRun.Require();

    // Calls of functions and helpers, maps, variables, loops and atomic operations.
    [Theory]
    [InlineData("call_subprogs", "")]
    [InlineData("call_subprogs", " opcodes")]
    [InlineData("call_subprogs", " linum")]
    [InlineData("hook_xdp", "")]
    [InlineData("hook_xdp", " opcodes")]
    [InlineData("execsnoop", "")]
    [InlineData("execsnoop", " linum")]
    [InlineData("data_globals", "")]
    [InlineData("data_globals", " opcodes")]
    public void Translated_code(string name, string options)
    {
        if (name is "hook_xdp" or "call_subprogs") Requires.RealProcessor();
        using BpfObject bpf = TestObjects.Load(name);
        Assert.NotEmpty(bpf.Programs);
        foreach (BpfProgram program in bpf.Programs)
        {
            string words = $"prog dump xlated id {program.Id}{options}";
            Assert.Equal(BpftoolRun.Text(words).Trim('\n'), AsThen(Good(words.Split(' ')).Trim('\n')));
            JsonElement[] theirs = BpftoolRun.Elements(words), ours = Lines([.. words.Split(' '), "--json"]);
            Assert.Equal(theirs.Length, ours.Length);
            foreach ((JsonElement a, JsonElement b) in theirs.Zip(ours))
            {
                BpftoolRun.AssertSaid(a, b, "disasm");
                BpftoolRun.AssertSaid(b, a, "disasm");
                Assert.Equal(Text(a, "disasm"), AsThen(Text(b, "disasm")!));
            }
        }
    }

    // Machine code is compared with objdump (ProgramCodeTests): Debian's bpftool is built without its library.
    [Fact]
    public void Code_in_a_file()
    {
        using BpfObject bpf = TestObjects.Load("call_subprogs");
        string theirs = Path.GetTempFileName(), ours = Path.GetTempFileName();
        try
        {
            foreach (BpfProgram program in bpf.Programs)
            {
                BpftoolRun.Text($"prog dump xlated id {program.Id} file {theirs}");
                Good("prog", "dump", "xlated", "id", $"{program.Id}", "file", ours);
                Assert.Equal(File.ReadAllBytes(theirs), File.ReadAllBytes(ours));
            }
        }
        finally
        {
            File.Delete(theirs);
            File.Delete(ours);
        }
    }

    [Fact]
    public void A_run_with_an_input()
    {
        using BpfObject bpf = TestObjects.Load("hook_xdp");
        string input = Path.GetTempFileName(), theirs = Path.GetTempFileName(), ours = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(input, [.. Enumerable.Range(1, 64).Select(i => (byte)i)]);
            string words = $"prog run id {bpf.Programs["xdp_plain"].Id} data_in {input} repeat 3 data_out ";
            JsonElement their = Assert.Single(BpftoolRun.Elements(words + theirs)), our = Assert.Single(Lines([.. (words + ours).Split(' '), "--json"]));
            BpftoolRun.AssertSaid(their, our, "duration");
            Assert.True(our.TryGetProperty("duration", out _));
            Assert.Equal(File.ReadAllBytes(theirs), File.ReadAllBytes(ours));
            Assert.Equal(WithoutTime(BpftoolRun.Text(words + theirs)), WithoutTime(Good((words + ours).Split(' '))));
        }
        finally
        {
            foreach (string file in new[] { input, theirs, ours }) File.Delete(file);
        }
    }

    // The kernel's own disassembler has a form of its own for what it does with the address of a CPU's values; that of bpftool 7.1 had none.
    private static string AsThen(string text) => PerCpu().Replace(text, "$1");

    [GeneratedRegex(@"&\(void __percpu \*\)\((r\d+)\)")]
    private static partial Regex PerCpu();

    private static string WithoutTime(string line) => line[..line.LastIndexOf(':')].Trim();
}
