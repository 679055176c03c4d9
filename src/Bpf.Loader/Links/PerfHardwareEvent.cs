namespace Bpf.Loader.Links;

/// <summary>Events that processors count: <c>PERF_COUNT_HW_*</c>.</summary>
public enum PerfHardwareEvent
{
    /// <summary><c>PERF_COUNT_HW_CPU_CYCLES</c>.</summary>
    CpuCycles = 0,

    /// <summary><c>PERF_COUNT_HW_INSTRUCTIONS</c>.</summary>
    Instructions = 1,

    /// <summary><c>PERF_COUNT_HW_CACHE_REFERENCES</c>.</summary>
    CacheReferences = 2,

    /// <summary><c>PERF_COUNT_HW_CACHE_MISSES</c>.</summary>
    CacheMisses = 3,

    /// <summary><c>PERF_COUNT_HW_BRANCH_INSTRUCTIONS</c>.</summary>
    BranchInstructions = 4,

    /// <summary><c>PERF_COUNT_HW_BRANCH_MISSES</c>.</summary>
    BranchMisses = 5,

    /// <summary><c>PERF_COUNT_HW_BUS_CYCLES</c>.</summary>
    BusCycles = 6,

    /// <summary><c>PERF_COUNT_HW_STALLED_CYCLES_FRONTEND</c>.</summary>
    StalledCyclesFrontend = 7,

    /// <summary><c>PERF_COUNT_HW_STALLED_CYCLES_BACKEND</c>.</summary>
    StalledCyclesBackend = 8,

    /// <summary><c>PERF_COUNT_HW_REF_CPU_CYCLES</c>: cycles at the nominal frequency.</summary>
    ReferenceCpuCycles = 9,
}
