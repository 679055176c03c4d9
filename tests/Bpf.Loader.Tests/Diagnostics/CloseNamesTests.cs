using Bpf.Loader.Diagnostics;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

public sealed class CloseNamesTests
{
    [Fact]
    public void The_closest_come_first_and_no_more_than_three()
    {
        Assert.Equal(
            ["tcp_connec", "tcp_connect", "tcp_xxnnetc"],
            CloseNames.Of("tcp_connetc", ["udp_sendmsg", "tcp_connect", "tcp_xxxnetc", "tcp_xxnnetc", "tcp_connec", "tcp_connect", "x"]));
    }

    [Fact]
    public void A_name_that_holds_the_wanted_one_is_close() =>
        Assert.Equal(["__x64_sys_openat.isra.0"], CloseNames.Of("sys_openat", ["__x64_sys_openat.isra.0", "something_else"]));

    [Fact]
    public void Other_names_are_not_close()
    {
        Assert.Empty(CloseNames.Of("malloc", ["free", "realpath", "", new string('m', 500)]));
        Assert.Empty(CloseNames.Of(new string('z', 500), ["free"]));
    }

    [Theory]
    [InlineData("sched_swich", "sched_switch")]
    [InlineData("shced_wakeup", "sched_wakeup")]
    [InlineData("sched_process_exeq", "sched_process_exec")]
    [InlineData("sys_entr", "sys_enter")]
    [InlineData("tcp_connect", null)]
    [InlineData("", null)]
    public void A_slip_is_asked_about(string wanted, string? closest) => Assert.Equal(
        closest is null ? null : $"Did you mean 'sched/{closest}'?",
        CloseNames.Hint(wanted, ["sched_switch", "sched_wakeup", "sched_process_exec", "sched_process_exit", "sys_enter"], name => $"sched/{name}"));
}
