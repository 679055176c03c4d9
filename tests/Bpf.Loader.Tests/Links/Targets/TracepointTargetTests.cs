using Bpf.Loader.Links.Targets;
using Xunit;

namespace Bpf.Loader.Tests.Links.Targets;

public sealed class TracepointTargetTests
{
    [Theory]
    [InlineData("tp/sched/sched_switch", "sched", "sched_switch")]
    [InlineData("tracepoint.s/syscalls/sys_enter_openat", "syscalls", "sys_enter_openat")]
    public void Reads_category_and_name(string section, string category, string name)
    {
        Assert.True(TracepointTarget.TryParse(section, out TracepointTarget target));
        Assert.Equal(new TracepointTarget(category, name), target);
    }

    [Theory]
    [InlineData("tp/")]
    [InlineData("tp/sched")]
    [InlineData("tp/sched/")]
    [InlineData("tp//sched_switch")]
    public void Malformed_targets_are_named(string section)
    {
        Assert.Throws<BpfAttachException>(() => TracepointTarget.TryParse(section, out _));
        Assert.False(TracepointTarget.TryParse("tp", out _));
    }

    [Fact]
    public void Raw_tracepoints_have_a_name_only()
    {
        Assert.True(TracepointTarget.TryParseRaw("raw_tp.w/nbd_send_request", out string name));
        Assert.Equal("nbd_send_request", name);
        Assert.False(TracepointTarget.TryParseRaw("raw_tp", out _));
        Assert.Throws<BpfAttachException>(() => TracepointTarget.TryParseRaw("raw_tracepoint/", out _));
    }
}
