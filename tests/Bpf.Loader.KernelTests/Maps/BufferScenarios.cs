using System;
using System.Linq;
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

    public static void UserRingBuffer()
    {
        using BpfObject bpf = TestObjects.Open("maps_user_ringbuf").Load();
        using UserRingBuffer ring = bpf.Maps.First(map => map.Type == BpfMapType.UserRingBuf).OpenUserRingBuffer();
        long free = ring.Free;
        Assert.True(ring.TryWrite(42L));
        Assert.True(ring.Free < free);
        foreach (BpfProgram program in bpf.Programs)
            program.TestRun(new BpfTestRunOptions());
        Assert.Equal(free, ring.Free);
    }

    public static void Arena()
    {
        using BpfObject bpf = TestObjects.Open("maps_arena").Load();
        using MappedArena arena = bpf.Maps["arena"].MapArena();
        ulong[] before = Words(arena);
        bpf.Programs["touch"].TestRun(new BpfTestRunOptions());
        Assert.NotEqual(before, Words(arena));
    }

    private static ulong[] Words(MappedArena arena) => MemoryMarshal.Cast<byte, ulong>(arena.Slice(0, (int)arena.Length)).ToArray();
}
