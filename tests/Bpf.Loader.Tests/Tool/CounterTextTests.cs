using System.Runtime.Versioning;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Profiling;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>What <c>bpf prog profile</c> prints of the counters of a CPU.</summary>
[SupportedOSPlatform("linux")]
public sealed class CounterTextTests
{
    // The example of bpftool-prog(8), whose blanks at the ends of lines are left out.
    [Fact]
    public void Readings_are_printed_as_by_bpftool()
    {
        CounterMetric[] metrics = [CounterMetric.Find("cycles")!, CounterMetric.Find("instructions")!, CounterMetric.Find("llc_misses")!];
        CounterReading[] readings = [new(40176203, 10000, 8305), new(42518139, 10000, 8339), new(123, 100, 100)];
        string[] lines =
        [
            "",
            "             51397 run_cnt",
            "          40176203 cycles                                                       (83.05%)",
            "          42518139 instructions        #     1.06 insns per cycle               (83.39%)",
            "               123 llc_misses          #     2.89 LLC misses per million insns",
            "",
        ];
        Assert.Equal(string.Join('\n', lines), ProfileCommand.ToText(51397, metrics, readings));
    }

    [Fact]
    public void A_proportion_needs_what_it_is_in_proportion_to()
    {
        CounterMetric[] metrics = [CounterMetric.Find("instructions")!];
        Assert.Equal("\n                 2 run_cnt\n                 7 instructions\n", ProfileCommand.ToText(2, metrics, [new(7, 1, 1)]));
        Assert.Equal("\n                 0 run_cnt\n                 0 cycles\n                 0 instructions\n", ProfileCommand.ToText(0, [CounterMetric.Find("cycles")!, .. metrics], [default, default]));
        Assert.Null(CounterMetric.Find("bogomips"));
    }
}
