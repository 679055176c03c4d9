using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps that are memory: one side writes, the other reads.</summary>
internal static class BufferScenarios
{
    private const int PerfEventOutput = 25;

    public static void RingBuffer()
    {
        using var events = new EventProgram();
        using RingBuffer ring = events.Ring.OpenRingBuffer();
        events.Run(3);
        int expected = 0;
        foreach (ReadOnlySpan<byte> record in ring.Read())
            Assert.Equal(expected++, MemoryMarshal.Read<long>(record));
        Assert.Equal(3, expected);
    }

    public static void PerfEventArray()
    {
        using BpfMap map = EntryScenarios.Make(BpfMapType.PerfEventArray, 4, 4, entries: 0);
        using PerfBuffer buffer = map.OpenPerfBuffer();
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 42)
            .LoadMap(R2, map).LoadImmediate64(R3, 0xffffffff).Move(R4, R10).Alu(BpfAluOperation.Add, R4, -8).Move(R5, 8)
            .CallHelper(PerfEventOutput).Exit());
        Assert.Equal(0u, program.Run());
        long sent = 0;
        Assert.Equal(1, buffer.Consume((_, record) => sent = MemoryMarshal.Read<long>(record)));
        Assert.Equal(42, sent);
    }

    /// <summary>The program sums up what it drains.</summary>
    public static void UserRingBuffer()
    {
        using BpfObject bpf = TestObjects.Load("maps_user_ringbuf");
        using UserRingBuffer ring = bpf.Maps["requests"].OpenUserRingBuffer();
        long free = ring.Free;
        Assert.True(ring.TryWrite(40L));
        Assert.True(ring.TryWrite(2L));
        Assert.True(ring.Free < free);
        bpf.Programs["drain"].TestRun(new BpfTestRunOptions());
        Assert.Equal(free, ring.Free);
        Assert.Equal((2ul, 42ul), (bpf.Globals["drained"].Get<ulong>(), bpf.Globals["sum"].Get<ulong>()));
    }

    /// <summary>The program adds a constant to a variable, which both sides write.</summary>
    public static void Arena()
    {
        using BpfObject bpf = TestObjects.Load("maps_arena");
        using MappedArena arena = bpf.Maps["arena"].MapArena();
        BpfProgram touch = bpf.Programs["touch"];
        ref ulong counter = ref arena.Ref<ulong>(MappedArenaTests.Find(arena, 5));
        Assert.Equal(0u, touch.TestRun(new BpfTestRunOptions()).ReturnValue);
        Assert.Equal(8ul, counter);
        counter = 1_000;
        Assert.Equal(0u, touch.TestRun(new BpfTestRunOptions()).ReturnValue);
        Assert.Equal(1_003ul, counter);
    }
}
