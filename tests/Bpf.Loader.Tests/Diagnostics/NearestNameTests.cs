using Bpf.Loader.Diagnostics;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["sched_switch", "sched_wakeup", "sched_process_exec", "sched_process_exit", "sys_enter"];

    [Theory]
    [InlineData("sched_swich", "sched_switch")]
    [InlineData("shced_wakeup", "sched_wakeup")]
    [InlineData("sched_process_exeq", "sched_process_exec")]
    [InlineData("sys_entr", "sys_enter")]
    [InlineData("tcp_connect", null)]
    [InlineData("", null)]
    public void Slip_finds_its_name(string wanted, string? nearest) => Assert.Equal(nearest, NearestName.Find(wanted, Names));

    [Fact]
    public void Hint_is_a_question()
        => Assert.Equal("Did you mean 'sched/sys_enter'?", NearestName.Hint("sys_entre", Names, n => "sched/" + n));

    [Fact]
    public void Names_of_any_length_do_no_harm()
        => Assert.Equal(new string('a', 500), NearestName.Find(new string('a', 499), [new string('a', 500)]));
}
