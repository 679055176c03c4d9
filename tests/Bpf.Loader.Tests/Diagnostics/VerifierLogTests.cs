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
            VerifierLog.Summarize(Log.Replace(" @ probe.bpf.c:12", "", System.StringComparison.Ordinal)));

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
                System.StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("processed 0 insns (limit 1000000) max_states_per_insn 0\n")]
    public void Log_that_says_nothing_has_no_summary(string log) => Assert.Null(VerifierLog.Summarize(log));

    [Fact]
    public void Message_of_the_exception_begins_with_the_summary()
    {
        var exception = new BpfVerifierException(Errno.EACCES, "handle", Log);
        Assert.StartsWith("probe.bpf.c:12: return *p;\nR1 invalid", exception.Message, System.StringComparison.Ordinal);
        Assert.Contains("program 'handle'", exception.Message, System.StringComparison.Ordinal);
        Assert.Contains("EACCES", exception.Message, System.StringComparison.Ordinal);
        Assert.Equal(Log, exception.Log);
        Assert.Equal(BpfCommand.ProgLoad, exception.Command);
    }
}
