using System;
using Bpf.Loader.Diagnostics;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

public sealed class VerifierLogTests
{
    private const string Log = """
        func#0 @0
        0: R1=ctx() R10=fp0
        ; int x = 1; @ probe.bpf.c:10
        0: (b7) r1 = 1                        ; R1_w=1
        ; return *p; @ probe.bpf.c:12
        1: (79) r0 = *(u64 *)(r1 +0)
        R1 invalid mem access 'scalar'
        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0

        """;

    [Fact]
    public void Summary_begins_with_the_failing_line_and_its_place()
        => Assert.Equal("probe.bpf.c:12: return *p;\nR1 invalid mem access 'scalar'", VerifierLog.Summarize(Log));

    [Fact]
    public void Log_of_kernels_that_tell_no_place_is_summarized()
        => Assert.Equal(
            "return *p;\nR1 invalid mem access 'scalar'",
            VerifierLog.Summarize(Log.Replace(" @ probe.bpf.c:12", "", StringComparison.Ordinal)));

    [Fact]
    public void Log_without_source_gives_the_verdict()
        => Assert.Equal(
            "invalid func unknown#999",
            VerifierLog.Summarize("0: (85) call unknown#999\ninvalid func unknown#999\nprocessed 1 insns (limit 1000000)\n"));

    [Fact]
    public void Reason_and_suggestion_are_the_summary_where_the_verifier_gives_them()
        => Assert.Equal(
            "probe.bpf.c:12: return *p;\nReason: r1 is a number, and memory is read through it\nSuggestion: use bpf_probe_read_kernel()",
            VerifierLog.Summarize(Log.Replace(
                "processed",
                "\nReason: r1 is a number, and memory is read through it\n  1: (79) r0 = *(u64 *)(r1 +0)\n\nSuggestion: use bpf_probe_read_kernel()\nprocessed",
                StringComparison.Ordinal)));

    /// <summary>The report as 7.3 prints it.</summary>
    private const string Report = """
        0: R1=ctx() R10=fp0
        ; return *p; @ probe.bpf.c:12
        0: (95) exit
        R0 !read_ok

        Verification failed: Register Type Safety: Unreadable register

        Reason:
          R0 has never been initialized on this path,
          so the verifier cannot use it as an input.

        At:
          insn 0
                | ^-- error: R0 is not readable
          Instruction context:
          >>> 0 | (95) exit

        Causal path:
          no retained diagnostic events on this path

        Suggestion:
          Initialize R0 on every path before this instruction.

        processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0

        """;

    [Fact]
    public void A_report_is_summarized_by_its_title_reason_and_suggestion()
        => Assert.Equal(
            "probe.bpf.c:12: return *p;\n"
                + "Verification failed: Register Type Safety: Unreadable register\n"
                + "Reason: R0 has never been initialized on this path, so the verifier cannot use it as an input.\n"
                + "Suggestion: Initialize R0 on every path before this instruction.",
            VerifierLog.Summarize(Report));

    [Fact]
    public void A_report_stays_in_the_log_as_it_is()
        => Assert.Equal(Report, new BpfVerifierException(Errno.EACCES, "handle", Report).Log);

    [Fact]
    public void A_log_that_is_cut_off_gives_what_is_there_of_the_report()
    {
        // Kernels before 6.4 keep the beginning.
        for (int length = 0; length < Report.Length; length++)
        {
            string? summary = VerifierLog.Summarize(Report.AsSpan(0, length));
            foreach (string head in (string[])["Verification failed:", "Reason:", "Suggestion:"])
                Assert.Equal(HasText(Report[..length], head), summary?.Contains(head, StringComparison.Ordinal) == true);
        }

        static bool HasText(string log, string head)
        {
            int at = log.IndexOf(head, StringComparison.Ordinal);
            return at >= 0 && log[(at + head.Length)..].Trim().Length > 0;
        }
    }

    [Fact]
    public void A_log_that_rolled_over_gives_what_is_there_of_the_report()
    {
        // Kernels since then keep the end.
        for (int start = 0; start < Report.Length; start++)
        {
            string log = Report[start..];
            string? summary = VerifierLog.Summarize(log);
            foreach (string head in (string[])["Verification failed:", "Reason:", "Suggestion:"])
            {
                Assert.Equal(log.Contains(head, StringComparison.Ordinal), summary?.Contains(head, StringComparison.Ordinal) == true);
            }
        }
    }

    [Fact]
    public void The_verdict_above_a_report_is_found_for_those_who_look_for_it()
        => Assert.EndsWith("R0 !read_ok\n\n", Report[..VerifierReport.FindStart(Report)], StringComparison.Ordinal);

    [Fact]
    public void Of_several_reports_the_last_counts()
        => Assert.Contains("Suggestion: Initialize R0", VerifierLog.Summarize(Report.Replace("Initialize", "Forget", StringComparison.Ordinal) + Report), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("processed 0 insns (limit 1000000) max_states_per_insn 0\n")]
    public void Log_that_says_nothing_has_no_summary(string log) => Assert.Null(VerifierLog.Summarize(log));

    [Fact]
    public void Message_of_the_exception_is_the_finding()
    {
        var exception = new BpfVerifierException(Errno.EACCES, "handle", Log);
        Assert.Equal(BpfDiagnosticId.NumberUsedAsPointer, exception.Id);
        Assert.Equal(exception.Finding.ToString(), exception.Message);
        Assert.Contains("handle", exception.Message, StringComparison.Ordinal);
        Assert.Contains("return *p;", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Permission denied", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Log, exception.Log);
        Assert.Equal(BpfCommand.ProgLoad, exception.Command);
    }
}
