namespace Bpf.Loader.Kernel;

/// <summary>How far the kernel's clocks are apart, as far as one reading of them can tell.</summary>
/// <param name="Boot">Of the boot clock and the monotonic one: how long the machine was suspended.</param>
/// <param name="Real">Of the wall clock and the boot clock: the moment of the boot.</param>
/// <param name="Tai">Of TAI and the wall clock: whole seconds, 0 where nobody told the kernel.</param>
/// <param name="At">What the monotonic clock said.</param>
internal readonly record struct ClockOffsets(ClockRange Boot, ClockRange Real, long Tai, long At)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int Readings = 8;

    /// <summary>Reads the clocks once.</summary>
    public static ClockOffsets Read(IClockSource clocks)
    {
        long monotonic = clocks.Read(ClockId.Monotonic);
        long boot = clocks.Read(ClockId.Boot);
        long real = clocks.Read(ClockId.Realtime);
        long tai = clocks.Read(ClockId.Tai);
        long bootAfter = clocks.Read(ClockId.Boot);
        long monotonicAfter = clocks.Read(ClockId.Monotonic);
        return new ClockOffsets(
            new ClockRange(boot - monotonicAfter, boot - monotonic),
            new ClockRange(real - bootAfter, real - boot),
            (tai - real + (NanosecondsPerSecond / 2)) / NanosecondsPerSecond * NanosecondsPerSecond,
            monotonic);
    }

    /// <summary>Reads the clocks several times, and takes the reading in which the least time went by.</summary>
    public static ClockOffsets ReadBest(IClockSource clocks)
    {
        ClockOffsets best = Read(clocks);
        for (int i = 1; i < Readings; i++)
        {
            ClockOffsets next = Read(clocks);
            if (next.Boot.Width + next.Real.Width < best.Boot.Width + best.Real.Width) best = next;
        }

        return best;
    }
}
