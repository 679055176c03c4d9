using System;
using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Kernel;

/// <summary>Makes times of the stamps that programs take of the kernel's clocks.</summary>
/// <remarks>
/// <para>
/// A stamp counts nanoseconds of a clock that knows no date. What it is on the wall clock follows from how far the two are apart, and that
/// changes in two ways only: <b>the wall clock is set</b> (a step of NTP, <c>date -s</c>, a leap second), which moves it against all others;
/// and <b>the machine is suspended</b>, while which <c>CLOCK_MONOTONIC</c> stands still and the others go on. That NTP lets the wall clock
/// run a little faster or slower changes nothing, for the others run so too.
/// </para>
/// <para>
/// <b>A step.</b> Stamps of <c>bpf_ktime_get_ns</c> and <c>bpf_ktime_get_boot_ns</c> are told by the wall clock as it is set when they are
/// converted: what came before the step is told as if the clock had been right already, so that all events are on one line of time and their
/// order is that of the stamps. A stamp of <c>bpf_ktime_get_tai_ns</c> holds what the wall clock was set to at the event, and is told so.
/// </para>
/// <para>
/// <b>A suspension.</b> A stamp of the boot clock or of TAI is right whenever it is converted. A monotonic stamp does not tell how often the
/// machine slept before it; this class keeps when it saw that (the last 64 times), from its first use on. A stamp from before its
/// first use, or one that lies between two looks at the clocks of which the second noticed a suspension, is converted as if the machine
/// had not slept since: it is told too late by as long as it slept. Programs whose stamps are kept take <c>bpf_ktime_get_boot_ns</c>
/// (Linux 5.8).
/// </para>
/// <para>
/// A conversion reads one clock (no system call, some 30 ns), and looks for changes when the last look is a millisecond old: a change is
/// noticed that late. Times are right to some 100 ns, the resolution of <see cref="DateTimeOffset"/>. Stamps count by the kernel's clocks;
/// where the process is in a time namespace that is seen to. Safe to use from several threads.
/// </para>
/// </remarks>
public sealed class KernelClock
{
    private const long LookAgain = 1_000_000; // a millisecond
    private const int SuspensionsKept = 64;
    private const long NanosecondsPerTick = 100;

    private readonly Lock _lock = new();
    private readonly IClockSource _clocks;
    private State _state;
    private long _looked;

    internal KernelClock(IClockSource clocks)
    {
        _clocks = clocks;
        ClockOffsets now = ClockOffsets.ReadBest(clocks);
        _state = new State(now.Boot.Middle, now.Real.Middle, now.Tai, []);
        _looked = now.At;
    }

    /// <summary>The machine's clocks.</summary>
    [SupportedOSPlatform("linux")]
    public static KernelClock System => Shared.Clock;

    /// <summary>What <c>bpf_ktime_get_ns</c> gives now: nanoseconds since the boot, those of suspensions left out.</summary>
    public ulong Monotonic => (ulong)_clocks.Read(ClockId.Monotonic);

    /// <summary>What <c>bpf_ktime_get_boot_ns</c> gives now: nanoseconds since the boot.</summary>
    public ulong Boot => (ulong)_clocks.Read(ClockId.Boot);

    /// <summary>What <c>bpf_ktime_get_tai_ns</c> gives now: nanoseconds since 1970, leap seconds included where the kernel was told of them.</summary>
    public ulong Tai => (ulong)_clocks.Read(ClockId.Tai);

    /// <summary>
    /// The time of a stamp of <c>bpf_ktime_get_ns</c>, or of <c>bpf_ktime_get_coarse_ns</c> (Linux 5.11), which is that of the last tick: up to
    /// 10 ms earlier.
    /// </summary>
    /// <param name="nanoseconds">The stamp.</param>
    /// <returns>The time, in UTC; of a number that no clock gives, the earliest or latest that there is.</returns>
    public DateTimeOffset FromMonotonic(ulong nanoseconds)
    {
        State state = Current();
        return ToTime((Int128)nanoseconds + state.SuspendedAt(nanoseconds) + state.Real);
    }

    /// <summary>The time of a stamp of <c>bpf_ktime_get_boot_ns</c> (Linux 5.8), or of the start of a process (<c>start_boottime</c>).</summary>
    /// <inheritdoc cref="FromMonotonic"/>
    public DateTimeOffset FromBoot(ulong nanoseconds) => ToTime((Int128)nanoseconds + Current().Real);

    /// <summary>The time of a stamp of <c>bpf_ktime_get_tai_ns</c> (Linux 6.1).</summary>
    /// <inheritdoc cref="FromMonotonic"/>
    public DateTimeOffset FromTai(ulong nanoseconds) => ToTime((Int128)nanoseconds - Current().Tai);

    private static DateTimeOffset ToTime(Int128 nanoseconds)
    {
        Int128 ticks = DateTimeOffset.UnixEpoch.Ticks + (nanoseconds / NanosecondsPerTick);
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    private State Current()
    {
        if (_clocks.Read(ClockId.Monotonic) - Volatile.Read(ref _looked) >= LookAgain) Look();
        return Volatile.Read(ref _state);
    }

    // What one reading cannot tell from what is known stays as it is, so that times of the same stamp do not tremble.
    private void Look()
    {
        lock (_lock)
        {
            ClockOffsets seen = ClockOffsets.Read(_clocks);
            State known = _state;
            if (!seen.Boot.Contains(known.Suspended) || !seen.Real.Contains(known.Real) || seen.Tai != known.Tai)
            {
                seen = ClockOffsets.ReadBest(_clocks);
                ImmutableArray<Suspension> earlier = known.Earlier;
                bool slept = !seen.Boot.Contains(known.Suspended);
                if (slept)
                {
                    if (earlier.Length == SuspensionsKept) earlier = earlier.RemoveAt(0);
                    earlier = earlier.Add(new Suspension((ulong)_looked, known.Suspended));
                }

                Volatile.Write(ref _state, new State(
                    slept ? seen.Boot.Middle : known.Suspended,
                    seen.Real.Contains(known.Real) ? known.Real : seen.Real.Middle,
                    seen.Tai,
                    earlier));
            }

            Volatile.Write(ref _looked, seen.At);
        }
    }

    /// <summary>The one of the machine, when somebody asks.</summary>
    [SupportedOSPlatform("linux")]
    private static class Shared
    {
        public static readonly KernelClock Clock = new(new SystemClocks());
    }

    /// <summary>Up to which monotonic stamp the machine had slept for how long.</summary>
    private readonly record struct Suspension(ulong Until, long Suspended);

    /// <summary>The offsets of the clocks: see <see cref="ClockOffsets"/>.</summary>
    private sealed record State(long Suspended, long Real, long Tai, ImmutableArray<Suspension> Earlier)
    {
        public long SuspendedAt(ulong monotonic)
        {
            foreach (Suspension each in Earlier)
            {
                if (monotonic <= each.Until) return each.Suspended;
            }

            return Suspended;
        }
    }
}
