using System.Collections.Generic;
using Bpf.Loader.Instructions;
using static Bpf.Loader.Instructions.BpfAccessSize;
using static Bpf.Loader.Instructions.BpfRegister;
using Alu = Bpf.Loader.Instructions.BpfAluOperation;
using AtomicDo = Bpf.Loader.Instructions.BpfAtomicOperation;

namespace Bpf.Loader.Tests.Instructions;

/// <summary>
/// Socket filters that together hold every instruction of the machine. The pure tests print them; the kernel tests have the
/// verifier print them, and compare.
/// </summary>
internal static class IsaPrograms
{
    public static IReadOnlyDictionary<string, BpfInstruction[]> All { get; } = new Dictionary<string, BpfInstruction[]>
    {
        ["alu64"] = Arithmetic(wide: true),
        ["alu32"] = Arithmetic(wide: false),
        ["signed"] = SignedArithmetic(),
        ["swap"] = ByteOrder(),
        ["memory"] = Memory(),
        ["packet"] = Packet(),
        ["atomic"] = Atomics(),
        ["ordered"] = Ordered(),
        ["jumps"] = Jumps(wide: true),
        ["jumps32"] = Jumps(wide: false),
        ["calls"] = Calls(),
        ["may_goto"] = new BpfAssembler().Move(R0, 0).Label("again").MayGoto("out").Goto("again").Label("out").Exit().ToArray(),
        ["gotol"] = new BpfAssembler().Label("again").CallHelper(7).JumpIf(BpfCondition.Equal, R0, 0, "out").GotoLong("again").Label("out").Exit().ToArray(),
    };

    private static BpfInstruction[] Arithmetic(bool wide)
    {
        var program = new BpfAssembler().Move(R0, -7).Move(R1, 3);
        foreach (Alu operation in new[]
        {
            Alu.Add, Alu.Subtract, Alu.Multiply, Alu.Divide, Alu.Or, Alu.And, Alu.ShiftLeft, Alu.ShiftRight, Alu.Modulo, Alu.Xor,
            Alu.Move, Alu.ShiftRightSigned,
        })
        {
            if (wide) program.Alu(operation, R0, R1).Alu(operation, R0, 5);
            else program.Alu32(operation, R0, R1).Alu32(operation, R0, 5);
        }

        if (wide) program.Alu(Alu.Negate, R0, 0).Alu(Alu.Add, R0, int.MinValue);
        else program.Alu32(Alu.Negate, R0, 0).Alu32(Alu.Add, R0, -1);
        return program.LoadImmediate64(R0, 0x1122334455667788).Exit().ToArray();
    }

    private static BpfInstruction[] SignedArithmetic()
    {
        const byte DivideBy = BpfOpCode.Alu32 | (byte)Alu.Divide, ModuloBy = BpfOpCode.Alu32 | (byte)Alu.Modulo;
        const byte Move32 = BpfOpCode.Alu32 | (byte)Alu.Move | BpfOpCode.SourceRegister;
        return new BpfAssembler().Move(R0, -7).Move(R1, 3)
            .AluSigned(Alu.Divide, R0, R1).AluSigned(Alu.Modulo, R0, R1)
            .Add(new BpfInstruction(DivideBy, 0, 0, 1, 2)).Add(new BpfInstruction(ModuloBy, 0, 0, 1, 2))
            .MoveSignExtended(8, R0, R1).MoveSignExtended(16, R0, R1).MoveSignExtended(32, R0, R1)
            .Add(new BpfInstruction(Move32, 0, 1, 8, 0)).Add(new BpfInstruction(Move32, 0, 1, 16, 0))
            .Exit().ToArray();
    }

    private static BpfInstruction[] ByteOrder()
    {
        var program = new BpfAssembler().Move(R0, 1);
        foreach (int bits in new[] { 16, 32, 64 })
            program.ByteSwap(bits, R0).ToBigEndian(bits, R0).ToLittleEndian(bits, R0);
        return program.Exit().ToArray();
    }

    private static BpfInstruction[] Memory()
    {
        var program = new BpfAssembler().Move(R1, 1).Move(R2, R10);
        foreach (BpfAccessSize size in new[] { Byte, HalfWord, Word, DoubleWord })
            program.Store(size, R10, -8, R1).Store(size, R2, -16, -1).Load(size, R0, R10, -8);
        program.Store(DoubleWord, R10, -8, R1);
        foreach (BpfAccessSize size in new[] { Byte, HalfWord, Word })
            program.LoadSigned(size, R0, R10, -8);
        return program.Exit().ToArray();
    }

    private static BpfInstruction[] Packet()
    {
        var program = new BpfAssembler().Move(R6, R1).Move(R7, 2);
        foreach (BpfAccessSize size in new[] { Byte, HalfWord, Word })
            program.LoadPacket(size, 12).LoadPacket(size, R7, 4);
        return program.Move(R0, 0).Exit().ToArray();
    }

    private static BpfInstruction[] Atomics()
    {
        var program = new BpfAssembler().Move(R0, 0).Move(R1, 1).Store(DoubleWord, R10, -8, R1);
        foreach (BpfAccessSize size in new[] { Word, DoubleWord })
        {
            foreach (AtomicDo operation in new[]
            {
                AtomicDo.Add, AtomicDo.Or, AtomicDo.And, AtomicDo.Xor, AtomicDo.FetchAdd, AtomicDo.FetchOr, AtomicDo.FetchAnd,
                AtomicDo.FetchXor, AtomicDo.Exchange, AtomicDo.CompareExchange,
            })
                program.Atomic(operation, size, R10, -8, R1);
        }

        return program.Exit().ToArray();
    }

    // Linux 6.15: older kernels print the instructions as unknown, and refuse them.
    private static BpfInstruction[] Ordered()
    {
        var program = new BpfAssembler().Move(R1, 1).Store(DoubleWord, R10, -8, R1);
        foreach (BpfAccessSize size in new[] { Byte, HalfWord, Word, DoubleWord })
            program.LoadAcquire(size, R0, R10, -8).Atomic(AtomicDo.StoreRelease, size, R10, -8, R1);
        return program.Exit().ToArray();
    }

    private static BpfInstruction[] Jumps(bool wide)
    {
        // A new random number (helper 7) for each jump, lest the verifier knows the outcome and leaves the rest out.
        var program = new BpfAssembler().CallHelper(7).Move(R6, R0);
        foreach (BpfCondition condition in System.Enum.GetValues<BpfCondition>())
        {
            program.CallHelper(7);
            if (wide) program.JumpIf(condition, R0, R6, "out");
            else program.JumpIf32(condition, R0, R6, "out");
            program.CallHelper(7);
            if (wide) program.JumpIf(condition, R0, -5, "out");
            else program.JumpIf32(condition, R0, -5, "out");
        }

        return program.Goto("out").Label("out").Move(R0, 0).Exit().ToArray();
    }

    private static BpfInstruction[] Calls() => new BpfAssembler()
        .Call("function").Exit()
        .Label("function").CallHelper(8).Exit() // bpf_get_smp_processor_id
        .ToArray();
}
