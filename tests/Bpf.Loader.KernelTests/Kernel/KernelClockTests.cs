using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>Stamps that programs take, as times.</summary>
public sealed class KernelClockTests : KernelTest
{
    private const int RingOutput = 130;

    [Theory]
    [InlineData("ktime_get_ns")]
    [InlineData("ktime_get_boot_ns")]
    [InlineData("ktime_get_tai_ns")]
    [InlineData("ktime_get_coarse_ns")]
    public void The_stamp_of_an_event_lies_between_two_looks_at_the_wall_clock(string helper)
    {
        Assert.SkipUnless(BpfFeatures.ProbeHelper(BpfProgramType.SocketFilter, helper) is BpfSupport.Yes, $"this kernel has no bpf_{helper}");
        Assert.True(BpfHelper.TryGetNumber(helper, out int number));
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "stamps", MaxEntries = 4096 });
        using RingBuffer ring = map.OpenRingBuffer();
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .CallHelper(number)
            .Store(BpfAccessSize.DoubleWord, R10, -8, R0)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 8).Move(R4, 0).CallHelper(RingOutput)
            .Return(0));
        KernelClock clock = KernelClock.System;
        for (int i = 0; i < 200; i++)
        {
            ulong monotonic = clock.Monotonic;
            DateTimeOffset before = DateTimeOffset.UtcNow;
            program.Run();
            DateTimeOffset after = DateTimeOffset.UtcNow;
            ulong stamp = 0;
            Assert.Equal(1, ring.Consume(record => stamp = MemoryMarshal.Read<ulong>(record)));
            DateTimeOffset told = helper switch
            {
                "ktime_get_boot_ns" => clock.FromBoot(stamp),
                "ktime_get_tai_ns" => clock.FromTai(stamp),
                _ => clock.FromMonotonic(stamp),
            };
            // The coarse clock is that of the last tick, of which there are at least a hundred in a second.
            if (helper == "ktime_get_coarse_ns") Assert.InRange(told, before.AddMilliseconds(-11), after);
            else Assert.InRange(told, before, after);
            if (helper == "ktime_get_ns") Assert.InRange(stamp, monotonic, clock.Monotonic);
        }
    }
}
