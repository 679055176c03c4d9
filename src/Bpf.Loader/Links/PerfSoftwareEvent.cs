namespace Bpf.Loader.Links;

/// <summary>Events that the kernel counts by itself: <c>PERF_COUNT_SW_*</c>.</summary>
public enum PerfSoftwareEvent
{
    /// <summary><c>PERF_COUNT_SW_CPU_CLOCK</c>: the CPU's time, for sampling.</summary>
    CpuClock = 0,

    /// <summary><c>PERF_COUNT_SW_TASK_CLOCK</c>: the time of the process.</summary>
    TaskClock = 1,

    /// <summary><c>PERF_COUNT_SW_PAGE_FAULTS</c>.</summary>
    PageFaults = 2,

    /// <summary><c>PERF_COUNT_SW_CONTEXT_SWITCHES</c>.</summary>
    ContextSwitches = 3,

    /// <summary><c>PERF_COUNT_SW_CPU_MIGRATIONS</c>: moves to another CPU.</summary>
    CpuMigrations = 4,

    /// <summary><c>PERF_COUNT_SW_PAGE_FAULTS_MIN</c>: page faults without input or output.</summary>
    MinorPageFaults = 5,

    /// <summary><c>PERF_COUNT_SW_PAGE_FAULTS_MAJ</c>: page faults with input or output.</summary>
    MajorPageFaults = 6,

    /// <summary><c>PERF_COUNT_SW_ALIGNMENT_FAULTS</c>.</summary>
    AlignmentFaults = 7,

    /// <summary><c>PERF_COUNT_SW_EMULATION_FAULTS</c>.</summary>
    EmulationFaults = 8,

    /// <summary><c>PERF_COUNT_SW_DUMMY</c>: nothing.</summary>
    Dummy = 9,

    /// <summary><c>PERF_COUNT_SW_BPF_OUTPUT</c>: what BPF programs put into perf buffers.</summary>
    BpfOutput = 10,

    /// <summary><c>PERF_COUNT_SW_CGROUP_SWITCHES</c>: switches to another cgroup (5.13).</summary>
    CgroupSwitches = 11,
}
