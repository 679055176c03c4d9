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

    [Theory]
    [InlineData("pdi", "pid")]
    [InlineData("ip", "pi")]
    [InlineData("state", "__state")]
    [InlineData("__state", "state")]
    [InlineData("tgi", "tgid")]
    [InlineData("sched_swithc", "sched_switch")]
    public void A_swap_is_one_step_and_short_names_are_asked_about_too(string wanted, string closest) => Assert.Equal([closest], CloseNames.Of(wanted, [closest, "x", "nothing_like_it"]));

    [Fact]
    public void What_differs_by_underscores_comes_before_what_only_holds_the_name() =>
        Assert.Equal(["__state", "exit_state", "states"], CloseNames.Of("state", ["exit_state", "states", "__state", "zombie_state"]));

    [Theory]
    [InlineData("x", "y")]
    [InlineData("pid", "cpu")]
    [InlineData("id", "ip_set")]
    public void Another_short_name_is_not_close(string wanted, string other) => Assert.Empty(CloseNames.Of(wanted, [other]));

    [Fact]
    public void The_order_of_the_names_does_not_matter()
    {
        string[] names = ["map_a", "map_b", "map_c", "map_d", "mop"];
        string[] reversed = [.. System.Linq.Enumerable.Reverse(names)];
        Assert.Equal(["map_a", "map_b", "map_c"], CloseNames.Of("map_", names));
        Assert.Equal(["map_a", "map_b", "map_c"], CloseNames.Of("map_", reversed));
    }
}
