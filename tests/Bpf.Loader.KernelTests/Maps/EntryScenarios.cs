using System;
using System.Linq;
using System.Net;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps that a program looks into: C# writes, the program reads and changes, C# reads.</summary>
internal static class EntryScenarios
{
    private const int MapLookup = 1, TailCall = 12, GetStackId = 27, MapPush = 87, MapPop = 88, MapPeek = 89;

    public static void Keyed(BpfMapType type, BpfMapFlags flags = 0)
    {
        using BpfMap map = Make(type, 4, 8, flags);
        BpfMap<uint, long> view = map.As<uint, long>();
        view[1] = 41;
        using TestProgram program = AddingOne(map, 1);
        Assert.Equal(1u, program.Run());
        Assert.Equal(42, view[1]);
    }

    public static void PerCpu(BpfMapType type)
    {
        using BpfMap map = Make(type, 4, 8);
        BpfPerCpuMap<uint, long> view = map.AsPerCpu<uint, long>();
        long[] values = [.. Enumerable.Repeat(41L, view.CpuCount)];
        view.Set(1, values);
        using TestProgram program = AddingOne(map, 1);
        Assert.Equal(1u, program.Run());
        Assert.True(view.TryGet(1, values));
        Assert.Equal((41L * view.CpuCount) + 1, values.Sum());
        Assert.Contains(42, values);
    }

    public static void Trie()
    {
        using BpfMap map = Make(BpfMapType.LpmTrie, 8, 8, BpfMapFlags.NoPrealloc);
        BpfLpmTrie<uint, long> trie = map.AsLpmTrie<uint, long>();
        trie.Set(IPNetwork.Parse("10.0.0.0/8"), 1);
        trie.Set(IPNetwork.Parse("10.9.0.0/16"), 41);
        // 10.9.8.7, all 32 bits of it.
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -8, 32).Store(BpfAccessSize.Word, R10, -4, 0x0708090a)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none")
            .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R0, 0, R1).Return(1)
            .Label("none").Return(0));
        Assert.Equal(1u, program.Run());
        Assert.True(trie.TryGet(IPAddress.Parse("10.9.1.1"), out long value));
        Assert.Equal(42, value);
    }

    public static void MapOfMaps(BpfMapType type)
    {
        using BpfMap inner = Make(BpfMapType.Array, 4, 8);
        using BpfMap outer = BpfMap.Create(
            new BpfMapCreateOptions { Type = type, Name = "outer", KeySize = 4, ValueSize = 4, MaxEntries = 4, InnerMap = inner });
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -4, 1)
            .LoadMap(R1, outer).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none")
            .Move(R1, R0).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none")
            .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R0, 0, R1).Return(1)
            .Label("none").Return(0));
        Assert.Equal(0u, program.Run());
        outer.AsMapOfMaps<uint>().Set(1, inner);
        Assert.Equal(1u, program.Run());
        Assert.Equal(1, inner.As<uint, long>()[1]);
    }

    public static void ProgramArray()
    {
        using BpfMap map = Make(BpfMapType.ProgArray, 4, 4);
        using TestProgram target = TestProgram.Load(new BpfAssembler().Return(42));
        using BpfProgram opened = BpfProgram.OpenById(target.Id);
        using TestProgram program = TestProgram.Load(new BpfAssembler().LoadMap(R2, map).Move(R3, 2).CallHelper(TailCall).Return(7));
        Assert.Equal(7u, program.Run());
        map.AsProgramArray().Set(2, opened);
        Assert.Equal(42u, program.Run());
        Assert.True(map.AsProgramArray().Remove(2));
        Assert.Equal(7u, program.Run());
    }

    public static void Queue(BpfMapType type)
    {
        using BpfMap map = Make(type, 0, 8);
        BpfQueue<long> queue = map.AsQueue<long>();
        queue.Push(41);
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 0)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapPop)
            .Load(BpfAccessSize.DoubleWord, R6, R10, -8).Alu(BpfAluOperation.Add, R6, 1).Store(BpfAccessSize.DoubleWord, R10, -8, R6)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 0).CallHelper(MapPush)
            .Return(1));
        Assert.Equal(1u, program.Run());
        Assert.True(queue.TryPop(out long value));
        Assert.Equal(42, value);
        Assert.False(queue.TryPop(out _));
    }

    public static void BloomFilter()
    {
        using BpfMap map = Make(BpfMapType.BloomFilter, 0, 8);
        map.AsBloomFilter<long>().Add(14);
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 14)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).CallHelper(MapPeek).Exit());
        Assert.Equal(0u, program.Run());
        Assert.True(map.AsBloomFilter<long>().MayContain(14));

        // And what a program adds.
        Assert.False(map.AsBloomFilter<long>().MayContain(15));
        using TestProgram push = TestProgram.Load(new BpfAssembler()
            .Store(BpfAccessSize.DoubleWord, R10, -8, 15)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -8).Move(R3, 0).CallHelper(MapPush).Exit());
        Assert.Equal(0u, push.Run());
        Assert.True(map.AsBloomFilter<long>().MayContain(15));
    }

    public static void StackBuildIds()
    {
        const int OfUser = 1 << 8;
        using BpfMap map = Make(BpfMapType.StackTrace, 4, 32 * 64, BpfMapFlags.StackBuildId);
        using TestProgram program = TestProgram.Load(
            new BpfAssembler().LoadMap(R2, map).Move(R3, OfUser).CallHelper(GetStackId).Exit(), BpfProgramType.RawTracepoint);
        int id = (int)program.RunWithContext(new byte[8]);
        Assert.True(id >= 0, $"the program got {(Errno)(-id)}");
        var frames = new BpfStackBuildId[64];
        Assert.True(map.AsStackTraces().TryGet(id, frames, out int depth));
        Assert.InRange(depth, 1, 64);
        // The innermost frame is the system call, in the C library; distributions give that a build id.
        Assert.True(frames[0].IsValid);
        Assert.NotEqual(0ul, frames[0].Offset);
        Assert.Contains(frames[0].BuildId.ToArray(), one => one != 0);
        Assert.True(map.AsStackTraces().Remove(id));
    }

    /// <summary>C# says to which instructions a program may jump, the kernel says where they have got to, and the program jumps.</summary>
    public static void InstructionArray()
    {
        const int FirstTarget = 5, Targets = 2, EntrySize = 16; // struct bpf_insn_array_value
        for (uint chosen = 0; chosen < Targets; chosen++)
        {
            // A map is of one program, and until all of that is gone of no other.
            using BpfMap map = Make(BpfMapType.InsnArray, 4, EntrySize, entries: Targets);
            for (uint i = 0; i < Targets; i++)
                map.Set(BitConverter.GetBytes(i), [.. BitConverter.GetBytes(FirstTarget + (2 * i)), .. new byte[EntrySize - sizeof(uint)]]);
            map.Freeze();
            BpfAssembler code = new BpfAssembler()
                .LoadMapValue(R1, map, 0).Alu(BpfAluOperation.Add, R1, 8 * (int)chosen).Load(BpfAccessSize.DoubleWord, R1, R1, 0)
                .Add(new BpfInstruction(BpfOpCode.GotoRegister, 1, 0, 0, 0));
            Assert.Equal(FirstTarget, code.Count);
            using (TestProgram program = TestProgram.Load(code.Return(40).Return(41)))
                Assert.Equal(40 + chosen, program.Run());
            byte[] value = new byte[EntrySize];
            Assert.True(map.TryGet(BitConverter.GetBytes(chosen), value));
            Assert.Equal(FirstTarget + (2 * chosen), BitConverter.ToUInt32(value)); // orig_off
            Assert.NotEqual(0u, BitConverter.ToUInt32(value, 4)); // xlated_off
        }
    }

    public static BpfMap Make(BpfMapType type, int keySize, int valueSize, BpfMapFlags flags = 0, uint entries = 8) => BpfMap.Create(
        new BpfMapCreateOptions { Type = type, Name = "every", KeySize = keySize, ValueSize = valueSize, MaxEntries = entries, Flags = flags });

    private static TestProgram AddingOne(BpfMap map, int key) => TestProgram.Load(new BpfAssembler()
        .Store(BpfAccessSize.Word, R10, -4, key)
        .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
        .JumpIf(BpfCondition.Equal, R0, 0, "none")
        .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R0, 0, R1).Return(1)
        .Label("none").Return(0));
}
