using System;
using System.Collections.Generic;

namespace Bpf.Tool.Profiling;

/// <summary>What is counted while a program runs.</summary>
/// <param name="Name">bpftool's word for it.</param>
/// <param name="Type">The kind of the counter: PERF_TYPE_*.</param>
/// <param name="Config">Which counter.</param>
/// <param name="RatioTo">The metric that it is shown in proportion to; null for none.</param>
/// <param name="RatioFactor">What the proportion is multiplied by.</param>
/// <param name="RatioText">What the proportion is.</param>
internal sealed record CounterMetric(string Name, uint Type, ulong Config, string? RatioTo = null, double RatioFactor = 1, string RatioText = "")
{
    // PERF_TYPE_*, and of caches which one, the access and how it ended (include/uapi/linux/perf_event.h).
    private const uint Hardware = 0, Software = 1, Cache = 3;
    private const ulong FirstLevelData = 0, LastLevel = 2, DataTranslation = 3, CodeTranslation = 4, Missed = 1 << 16;

    private const string Instructions = "instructions";

    /// <summary>All that there are, in the order in which they are shown. The clock counts where there are no counters in hardware, too.</summary>
    public static IReadOnlyList<CounterMetric> All { get; } =
    [
        new("cycles", Hardware, 0),
        new(Instructions, Hardware, 1, "cycles", 1, "insns per cycle"),
        new("l1d_loads", Cache, FirstLevelData),
        new("llc_misses", Cache, LastLevel | Missed, Instructions, 1e6, "LLC misses per million insns"),
        new("itlb_misses", Cache, CodeTranslation | Missed, Instructions, 1e6, "itlb misses per million insns"),
        new("dtlb_misses", Cache, DataTranslation | Missed, Instructions, 1e6, "dtlb misses per million insns"),
        new("cpu_clock", Software, 0),
    ];

    /// <summary>Finds one by its word.</summary>
    public static CounterMetric? Find(string name)
    {
        foreach (CounterMetric metric in All)
        {
            if (string.Equals(metric.Name, name, StringComparison.Ordinal)) return metric;
        }

        return null;
    }
}
