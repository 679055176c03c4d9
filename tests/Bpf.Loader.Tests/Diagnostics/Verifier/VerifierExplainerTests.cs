using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics.Verifier;

/// <summary>Refusals of real verifiers, from 5.10 to the newest, are explained: what, where, where from, and what to do.</summary>
public sealed class VerifierExplainerTests
{
    private const int MostLines = 12;

    // Of these only the object tells what they are about.
    private static readonly string[] NeedTheObject = ["calls/recursion", "calls/tail_call_wrong_map", "helper/wrong_map"];

    public static TheoryData<string, string, string> Refusals => RecordedRefusals.Rows();

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_explained(string kernel, string file, string program)
    {
        (BpfDiagnosticId id, string what, string source, string origin) = ExpectedExplanations.Of(kernel, file, program);
        BpfFinding finding = RecordedRefusals.Program(file, program).Explain(RecordedRefusals.Log(kernel, file, program));
        Assert.Equal(id, finding.Id);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(finding.Cure));
        Assert.NotNull(finding.KernelWords);
        if (id != BpfDiagnosticId.FunctionInfoMissing) Assert.NotEqual(0, finding.Place.SourceLine);
        if (source.Length != 0) Assert.Equal(source, finding.Place.SourceText?.Trim());
        if (origin.Length != 0) Assert.Contains(finding.Origins, way => way.What.Contains(origin, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_explanation_has_few_lines_that_fit(string kernel, string file, string program)
    {
        BpfFinding finding = RecordedRefusals.Program(file, program).Explain(RecordedRefusals.Log(kernel, file, program));
        foreach (int width in (int[])[60, 100])
        {
            string[] lines = finding.ToString(width).Split('\n');
            Assert.InRange(lines.Length, 4, MostLines);
            Assert.All(lines, line => Assert.True(line.Length <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        }
    }

    // Without the object the log must do: the kind and the registers' names are all that is known.
    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_log_alone_tells_the_same_kind(string kernel, string file, string program)
    {
        BpfFinding finding = BpfVerifierException.Explain(RecordedRefusals.Log(kernel, file, program));
        Assert.False(string.IsNullOrEmpty(finding.What));
        if (!NeedTheObject.Contains(ExpectedExplanations.Name(file, program))) Assert.Equal(ExpectedExplanations.Of(kernel, file, program).Id, finding.Id);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_left_of_a_log_does_no_harm(string kernel, string file, string program)
    {
        string log = RecordedRefusals.Log(kernel, file, program);
        BpfRelocatedProgram relocated = RecordedRefusals.Program(file, program);
        int step = Math.Max(1, log.Length / 60);
        for (int at = 0; at <= log.Length; at += step)
        {
            Assert.False(string.IsNullOrEmpty(relocated.Explain(log[..at]).What));
            Assert.False(string.IsNullOrEmpty(BpfVerifierException.Explain(log[at..]).ToString()));
        }
    }

    // A log that rolls over has lost where the end of the loop comes from.
    [Theory]
    [InlineData("6.12")]
    [InlineData("6.18")]
    public void What_a_loop_counts_to_is_told_where_the_log_has_lost_it(string kernel)
    {
        BpfFinding finding = RecordedRefusals.Program("loops.bpf.o", "no_end").Explain(RecordedRefusals.Log(kernel, "loops.bpf.o", "no_end"));
        Assert.Contains(finding.Origins, origin => origin.What == "the result of bpf_get_prandom_u32()" && origin.Place.SourceLine > 0);
    }

    // Where a log that does not fit is cut off is chance: the loop is told wherever it is.
    [Theory]
    [InlineData("5.10")]
    [InlineData("6.1")]
    public void A_loop_is_told_wherever_its_log_was_cut_off(string kernel)
    {
        string log = RecordedRefusals.Log(kernel, "loops.bpf.o", "no_end");
        BpfRelocatedProgram relocated = RecordedRefusals.Program("loops.bpf.o", "no_end");
        Assert.DoesNotContain("processed", log, StringComparison.Ordinal);
        for (int cut = 0; cut < 400; cut++) Assert.Equal((cut, BpfDiagnosticId.LoopWithoutEnd), (cut, relocated.Explain(log[..^cut]).Id));
    }

    [Fact]
    public void Every_program_that_is_refused_was_seen_on_some_kernel()
    {
        HashSet<string> seen = [.. RecordedRefusals.Rows().Select(row => ExpectedExplanations.Name(row.Data.Item2, row.Data.Item3))];
        Assert.Empty(ExpectedExplanations.Programs.Except(seen));
    }

    // Some kernels print the verdict behind the branch, in its line; others have words of their own for the same.
    [Theory]
    [InlineData("7: (a6) if w1 < 0x1000 goto pc+3 infinite loop detected at insn 11\ncur state: R6=scalar() R10=fp0\nold state: R6=scalar() R10=fp0", BpfDiagnosticId.LoopWithoutEnd)]
    [InlineData("10: (5d) if r0 != r1 goto pc-4 BPF program is too large. Processed 1000001 insn", BpfDiagnosticId.TooComplex)]
    [InlineData("4: (95) exit\nbpf_rcu_read_unlock is missing", BpfDiagnosticId.LockHeld)]
    [InlineData("4: (85) call bpf_tail_call#12\ncannot tail call within callback", BpfDiagnosticId.CallRefused)]
    [InlineData("4: (85) call bpf_tail_call#12\nverifier bug: callback unexpected regs 1", BpfDiagnosticId.CallRefused)]
    public void A_verdict_is_known_wherever_it_stands_and_by_all_its_words(string end, BpfDiagnosticId id)
        => Assert.Equal(id, BpfVerifierException.Explain($"0: R1=ctx() R10=fp0\n; f(); @ a.bpf.c:3\n0: (b7) r0 = 0                        ; R0=0\n{end}\nprocessed 2 insns (limit 1000000)\n").Id);

    [Fact]
    public void A_text_that_nobody_foresaw_passes_through()
    {
        const string Log = "0: R1=ctx() R10=fp0\n; return 0; @ a.bpf.c:3\n0: (b7) r0 = 0                        ; R0=0\n1: (95) exit\nthe moon is in the wrong phase\nprocessed 2 insns (limit 1000000)\n";
        BpfFinding finding = BpfVerifierException.Explain(Log);
        Assert.Equal(BpfDiagnosticId.ProgramRefused, finding.Id);
        Assert.Equal("the moon is in the wrong phase", finding.KernelWords);
        Assert.Equal("return 0;", finding.Place.SourceText);
        Assert.Equal(3, finding.Place.SourceLine);
    }
}
