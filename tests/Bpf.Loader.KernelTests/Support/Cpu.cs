using System;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Where a thread runs.</summary>
internal static class Cpu
{
    /// <summary>Keeps the calling thread on one CPU.</summary>
    public static unsafe void StayOn(int cpu)
    {
        cpu_set_t set = default;
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof(cpu_set_t), &set) != 0) throw new InvalidOperationException($"sched_setaffinity: {(Errno)errno}");
    }
}
