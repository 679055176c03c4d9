using System;
using System.Collections.Generic;
using Bpf.Loader;
using Bpf.Loader.Links.Info;

namespace Bpf.Tool.Top;

/// <summary>A program, and what it did for a while.</summary>
/// <param name="Info">What the kernel tells of it, with its whole name; counts are those since ever.</param>
/// <param name="Runs">How often it ran in that time.</param>
/// <param name="RunTime">How long it ran in that time, on all CPUs.</param>
/// <param name="Elapsed">That time.</param>
/// <param name="Maps">Its maps.</param>
/// <param name="Links">Its links.</param>
internal sealed record TopProgram(
    BpfProgramInfo Info, ulong Runs, TimeSpan RunTime, TimeSpan Elapsed, IReadOnlyList<TopMap> Maps, IReadOnlyList<BpfLinkInfo> Links)
{
    /// <summary>Runs a second.</summary>
    public double RunsPerSecond => Elapsed > TimeSpan.Zero ? Runs / Elapsed.TotalSeconds : 0;

    /// <summary>The share of one CPU, in hundredths; more than a hundred when it ran on several.</summary>
    public double CpuPercent => Elapsed > TimeSpan.Zero ? 100.0 * (RunTime / Elapsed) : 0;

    /// <summary>The time of a run, in nanoseconds.</summary>
    public double NanosecondsPerRun => Runs == 0 ? 0 : RunTime.TotalNanoseconds / Runs;
}
