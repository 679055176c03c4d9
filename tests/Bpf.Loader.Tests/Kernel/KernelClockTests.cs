using System;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Kernel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

[SupportedOSPlatform("linux")]
public sealed class KernelClockTests
{
    private const long Second = 1_000_000_000;

    private readonly FakeClocks _machine = new() { Monotonic = 100 * Second, Slept = 7 * Second, BootedAt = 1_700_000_000 * Second, Tai = 37 * Second };
    private readonly KernelClock _clock;

    public KernelClockTests() => _clock = new KernelClock(_machine);

    [Fact]
    public void A_stamp_of_now_is_now_by_all_clocks()
    {
        _machine.Step = 0;
        DateTimeOffset now = _machine.WallClock;
        Assert.Equal(now, Round(_clock.FromMonotonic((ulong)_machine.Monotonic)));
        Assert.Equal(now, Round(_clock.FromBoot((ulong)(_machine.Monotonic + _machine.Slept))));
        Assert.Equal(now, Round(_clock.FromTai((ulong)_machine.Read(ClockId.Tai))));
        _machine.Cost = 0;
        Assert.Equal((_clock.Monotonic, _clock.Boot), ((ulong)_machine.Monotonic, (ulong)(_machine.Monotonic + _machine.Slept)));
    }

    [Fact]
    public void What_came_before_a_suspension_keeps_its_time()
    {
        ulong before = _clock.Monotonic, bootBefore = _clock.Boot;
        DateTimeOffset at = _machine.WallClock;
        _machine.Pass(Second);
        Assert.Equal(at, Round(_clock.FromMonotonic(before))); // a look at the clocks
        _machine.Slept += 3600 * Second;
        _machine.Pass(2 * Second);
        ulong after = _clock.Monotonic;
        Assert.Equal(at, Round(_clock.FromMonotonic(before)));
        Assert.Equal(at, Round(_clock.FromBoot(bootBefore)));
        Assert.Equal(_machine.WallClock, Round(_clock.FromMonotonic(after)));
        Assert.Equal(at.AddSeconds(3603), _machine.WallClock, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_stamp_between_two_looks_is_taken_for_one_after_the_suspension()
    {
        _machine.Pass(Second);
        ulong stamp = _clock.Monotonic; // and nobody converts anything before the machine sleeps
        _machine.Slept += 60 * Second;
        DateTimeOffset told = _clock.FromMonotonic(stamp);
        Assert.Equal(_machine.WallClock, Round(told));
    }

    [Fact]
    public void More_suspensions_than_are_kept_forget_the_oldest()
    {
        ulong[] stamps = new ulong[100];
        DateTimeOffset[] times = new DateTimeOffset[100];
        for (int i = 0; i < 100; i++)
        {
            (stamps[i], times[i]) = (_clock.Monotonic, _machine.WallClock);
            _machine.Pass(Second);
            _clock.FromBoot(0);
            _machine.Slept += 10 * Second;
            _machine.Pass(Second);
            _clock.FromBoot(0);
        }

        for (int i = 40; i < 100; i++) Assert.Equal(times[i], Round(_clock.FromMonotonic(stamps[i])));
        Assert.True(_clock.FromMonotonic(stamps[0]) > times[0]);
    }

    [Fact]
    public void A_step_moves_all_but_TAI()
    {
        ulong monotonic = _clock.Monotonic, boot = _clock.Boot, tai = _clock.Tai;
        DateTimeOffset read = _machine.WallClock;
        _machine.Step = 300 * Second;
        _machine.Pass(Second / 100);
        Assert.Equal(read.AddSeconds(300), Round(_clock.FromMonotonic(monotonic)));
        Assert.Equal(read.AddSeconds(300), Round(_clock.FromBoot(boot)));
        Assert.Equal(read, Round(_clock.FromTai(tai))); // what the wall clock said then
    }

    [Fact]
    public void Times_of_one_stamp_do_not_tremble()
    {
        ulong stamp = _clock.Monotonic;
        DateTimeOffset first = _clock.FromMonotonic(stamp);
        for (int i = 0; i < 1000; i++)
        {
            _machine.Pass(Second / 100);
            _machine.Cost = 20 + (i * 37 % 5000); // a reading is interrupted
            Assert.Equal(first, _clock.FromMonotonic(stamp));
        }
    }

    [Fact]
    public void Changes_are_looked_for_once_in_a_millisecond()
    {
        _machine.Cost = 0;
        _machine.Pass(Second);
        _clock.FromMonotonic(0);
        int reads = _machine.Reads;
        for (int i = 0; i < 100; i++) _clock.FromMonotonic((ulong)i);
        Assert.Equal(100, _machine.Reads - reads);
    }

    [Fact]
    public void Any_number_has_a_time() => Prop.ForAll<ulong>(stamp =>
    {
        Assert.InRange(_clock.FromMonotonic(stamp), DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        Assert.InRange(_clock.FromTai(stamp), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        Assert.Equal(TimeSpan.Zero, _clock.FromBoot(ulong.MaxValue - stamp).Offset);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("monotonic           0         0\nboottime            0         0\n", 0, 0)]
    [InlineData("monotonic      -86400 500000000\nboottime       604800         7\n", (-86400 * Second) + 500_000_000, (604800 * Second) + 7)]
    [InlineData("nonsense\nmonotonic x y\n", 0, 0)]
    [InlineData("", 0, 0)]
    public void Offsets_of_a_time_namespace_are_read(string text, long monotonic, long boot) =>
        Assert.Equal((monotonic, boot), TimeNamespace.ParseOffsets(text));

    // What the clocks cost to read lies within this.
    private static DateTimeOffset Round(DateTimeOffset time) => new((time.Ticks + 5000) / 10000 * 10000, TimeSpan.Zero);

    private sealed class FakeClocks : IClockSource
    {
        public long Monotonic { get; set; }

        public long Slept { get; set; }

        public long BootedAt { get; init; }

        public long Step { get; set; }

        public long Tai { get; init; }

        public long Cost { get; set; } = 25;

        public int Reads { get; private set; }

        public DateTimeOffset WallClock => Round(DateTimeOffset.UnixEpoch.AddTicks((BootedAt + Monotonic + Slept + Step) / 100));

        public void Pass(long nanoseconds) => Monotonic += nanoseconds;

        public long Read(ClockId clock)
        {
            Reads++;
            long now = Monotonic;
            Monotonic += Cost;
            return clock switch
            {
                ClockId.Monotonic => now,
                ClockId.Boot => now + Slept,
                ClockId.Realtime => now + Slept + Step + BootedAt,
                _ => now + Slept + Step + BootedAt + Tai,
            };
        }
    }
}
