using System.Collections.Generic;

namespace Bpf.Loader.Buffers;

/// <summary>How a perf buffer shall be; see <see cref="BpfMap.OpenPerfBuffer"/>.</summary>
public sealed record PerfBufferOptions
{
    /// <summary>The pages of data for each CPU, a power of two.</summary>
    public int PagesPerCpu { get; init; } = 16;

    /// <summary>The CPUs whose records are wanted; null for all that are online. Programs on others are told that there is no buffer (<c>-ENOENT</c>).</summary>
    public IReadOnlyCollection<int>? Cpus { get; init; }

    /// <summary>After how many records of a CPU a waiting reader is woken. More saves wake-ups, and delays the last records.</summary>
    public int WakeUpEvents { get; init; } = 1;

    /// <summary>After how many bytes of a CPU a waiting reader is woken; in the place of <see cref="WakeUpEvents"/> if not 0.</summary>
    public int WakeUpBytes { get; init; }
}
