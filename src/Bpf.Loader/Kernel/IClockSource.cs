namespace Bpf.Loader.Kernel;

/// <summary>Reads clocks; tests have one whose machine sleeps and whose wall clock is set.</summary>
internal interface IClockSource
{
    /// <summary>Nanoseconds since the clock's beginning, as programs of the kernel read it.</summary>
    long Read(ClockId clock);
}
