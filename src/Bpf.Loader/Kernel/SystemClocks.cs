using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>The machine's clocks.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SystemClocks : IClockSource
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    // A time namespace (Linux 5.6) shows a process other clocks than the kernel's own, which the programs read.
    private readonly long _monotonicOffset, _bootOffset;

    public SystemClocks() => (_monotonicOffset, _bootOffset) = TimeNamespace.ParseOffsets(SystemFile.TryReadText("/proc/self/timens_offsets", out _) ?? "");

    public long Read(ClockId clock)
    {
        long* time = stackalloc long[2]; // struct timespec
        // Of these clocks, with room for the answer, the call cannot fail.
        _ = LibC.GetClock((int)clock, time);
        long offset = clock switch
        {
            ClockId.Monotonic => _monotonicOffset,
            ClockId.Boot => _bootOffset,
            _ => 0,
        };
        return (time[0] * NanosecondsPerSecond) + time[1] - offset;
    }
}
