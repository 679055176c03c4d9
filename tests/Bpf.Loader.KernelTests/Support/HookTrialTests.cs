using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>What is taken for a policy of the kernel, and what never is: a test that skips by mistake tests nothing.</summary>
public sealed class HookTrialTests : KernelTest
{
    [Theory]
    [InlineData(false, Errno.EPERM, false, true)]
    [InlineData(false, Errno.EACCES, false, true)]
    [InlineData(false, Errno.EACCES, true, false)] // the verifier's: the program is wrong
    [InlineData(false, Errno.EPERM, true, false)]
    [InlineData(false, Errno.EINVAL, false, false)] // there is no such thing, or we ask for it wrongly
    [InlineData(false, Errno.ENOENT, false, false)]
    [InlineData(false, Errno.ENOTSUPP, false, false)]
    [InlineData(false, Errno.EBUSY, false, false)]
    [InlineData(false, Errno.ENOMEM, false, false)]
    [InlineData(false, Errno.EMFILE, false, false)]
    [InlineData(true, Errno.None, false, false)]
    [InlineData(true, Errno.EPERM, false, false)] // what an earlier call left behind
    public void Only_a_no_without_a_word_is_a_policy(bool isDone, Errno errno, bool hasLog, bool isPolicy) =>
        Assert.Equal(isPolicy ? $"the call answers {errno}, whoever asks" : null, HookTrial.Judge("the call", isDone, errno, hasLog));

    [Theory]
    [InlineData(BpfCommand.ProgLoad, Errno.EPERM, "BPF_PROG_LOAD answers EPERM, whoever asks")]
    [InlineData(BpfCommand.ProgLoad, Errno.EACCES, "BPF_PROG_LOAD answers EACCES, whoever asks")]
    [InlineData(BpfCommand.ProgLoad, Errno.E2BIG, null)]
    [InlineData(BpfCommand.RawTracepointOpen, Errno.EPERM, "BPF_RAW_TRACEPOINT_OPEN answers EPERM, whoever asks")]
    [InlineData(BpfCommand.RawTracepointOpen, Errno.EMFILE, null)]
    [InlineData(BpfCommand.MapCreate, Errno.EPERM, null)] // the trial asks for no map
    public void A_refusal_of_the_kernel_is_met_where_it_comes(BpfCommand command, Errno errno, string? refusal)
    {
        Assert.Null(HookTrial.Run(BpfProgramType.RawTracepoint, 0, "")); // no kernel of those that the tests know forbids it
        string? met = "";
        FailingCall.While(FailingCall.Bpf, errno, FailingCall.Command(command), () => met = HookTrial.Run(BpfProgramType.RawTracepoint, 0, ""));
        Assert.Equal(refusal, met);
    }

    [Fact]
    public void A_probe_that_is_forbidden_is_met()
    {
        Assert.SkipUnless(System.IO.Directory.Exists("/sys/bus/event_source/devices/uprobe"), "the kernel is built without uprobes");
        string? met = "";
        FailingCall.While(FailingCall.PerfEventOpen, Errno.EACCES, null, () => met = HookTrial.RunProbe("uprobe"));
        Assert.Equal("perf_event_open answers EACCES, whoever asks", met);
        Assert.Null(HookTrial.RunProbe("no-such-kind"));
    }
}
