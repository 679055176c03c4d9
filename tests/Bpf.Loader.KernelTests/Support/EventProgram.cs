using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Bpf.Loader.Maps;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A ring buffer and a program that puts the numbers 0, 1, 2 ... into it, 8 bytes each.</summary>
internal sealed class EventProgram : IDisposable
{
    private const int RingBufReserve = 131, RingBufSubmit = 132, RingBufDiscard = 133;

    private readonly BpfMap _counts;
    private readonly TestProgram _program;

    /// <summary>Loads it.</summary>
    /// <param name="size">The ring's bytes.</param>
    /// <param name="flags">BPF_RB_NO_WAKEUP 1, BPF_RB_FORCE_WAKEUP 2.</param>
    /// <param name="discard">Whether to reserve and discard a record before each.</param>
    /// <param name="mapFlags">Flags of the ring.</param>
    public EventProgram(uint size = 4096, int flags = 0, bool discard = false, BpfMapFlags mapFlags = 0)
    {
        Ring = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.RingBuf, Name = "events", MaxEntries = size, Flags = mapFlags });
        _counts = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "counts", KeySize = 4, ValueSize = 16, MaxEntries = 1 });

        var code = new BpfAssembler();
        if (discard)
        {
            code.LoadMap(R1, Ring).Move(R2, 24).Move(R3, 0).CallHelper(RingBufReserve)
                .JumpIf(BpfCondition.Equal, R0, 0, "next")
                .Move(R1, R0).Move(R2, flags).CallHelper(RingBufDiscard)
                .Label("next");
        }

        // number = counts[0]++; if it does not fit, counts[1]++ instead. It runs once at a time, and kernels before 5.12 cannot add and
        // fetch at once.
        code.LoadMap(R1, Ring).Move(R2, 8).Move(R3, 0).CallHelper(RingBufReserve)
            .LoadMapValue(R6, _counts, 0).Move(R2, 1)
            .JumpIf(BpfCondition.NotEqual, R0, 0, "reserved")
            .Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R6, 8, R2).Return(0)
            .Label("reserved")
            .Load(BpfAccessSize.DoubleWord, R3, R6, 0)
            .Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R6, 0, R2)
            .Store(BpfAccessSize.DoubleWord, R0, 0, R3)
            .Move(R1, R0).Move(R2, flags).CallHelper(RingBufSubmit).Return(0);
        _program = TestProgram.Load(code);
    }

    public BpfMap Ring { get; }

    /// <summary>How many numbers went into the ring.</summary>
    public long Submitted => Counts()[0];

    /// <summary>How often there was no room.</summary>
    public long Refused => Counts()[1];

    public void Run(int times) => _program.Run(times);

    public void Dispose()
    {
        _program.Dispose();
        _counts.Dispose();
        Ring.Dispose();
    }

    private long[] Counts()
    {
        byte[] value = new byte[16];
        _counts.TryGet(new byte[4], value);
        return MemoryMarshal.Cast<byte, long>(value).ToArray();
    }
}
