using System;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing.Execution;

/// <summary>
/// Decodes instructions for the interpreter. What the kernel refuses decodes as <see cref="Operation.Refused"/>, and is a fault only
/// when it is reached; no decoded instruction leads out of the program.
/// </summary>
internal static partial class Decoder
{
    private const int StackSize = Executor.StackSize;

    /// <summary>Decodes a program; one more instruction, which nothing may reach, ends it.</summary>
    public static void Decode(ReadOnlySpan<BpfInstruction> code, Span<DecodedInstruction> decoded)
    {
        for (int at = 0; at < code.Length; at++)
        {
            BpfInstruction instruction = code[at];
            DecodedInstruction result = Decode(code, at, instruction);
            bool hasRegisters = instruction.Destination <= 10 && (instruction.Source <= 10 || instruction.Class is BpfOpCode.Load or BpfOpCode.Jump);
            decoded[at] = hasRegisters ? result : Refused;
            if (!instruction.IsLoadImmediate64 || at + 1 >= code.Length) continue;
            decoded[++at] = Refused;
        }

        decoded[code.Length] = Refused;
    }

    private static DecodedInstruction Refused => new() { Operation = Operation.Refused };

    private static DecodedInstruction Decode(ReadOnlySpan<BpfInstruction> code, int at, BpfInstruction instruction) => instruction.Class switch
    {
        BpfOpCode.Alu64 or BpfOpCode.Alu32 => instruction.Destination == 10 ? Refused : DecodeArithmetic(instruction),
        BpfOpCode.Jump or BpfOpCode.Jump32 => DecodeJump(code.Length, at, instruction),
        BpfOpCode.LoadRegister => instruction.Destination == 10 ? Refused : DecodeLoad(instruction),
        BpfOpCode.Store or BpfOpCode.StoreRegister => DecodeStore(instruction),
        _ => DecodeConstant(code, at, instruction),
    };

    private static DecodedInstruction DecodeConstant(ReadOnlySpan<BpfInstruction> code, int at, BpfInstruction instruction)
    {
        if (instruction.IsLoadImmediate64)
        {
            if (at + 1 >= code.Length || code[at + 1].Code != 0 || instruction.Destination == 10) return Refused;
            ulong value = (uint)instruction.Immediate | ((ulong)(uint)code[at + 1].Immediate << 32);
            return Make(Operation.LoadConstant, instruction, (long)value, instruction.Source == BpfPseudo.Function ? at + 1 + instruction.Immediate : at + 2);
        }

        // BPF_LD with BPF_ABS or BPF_IND: a load of the packet, in network order.
        int mode = instruction.Code & BpfOpCode.ModeMask, size = instruction.Code & BpfOpCode.SizeMask;
        return mode is BpfOpCode.AbsoluteMode or BpfOpCode.IndirectMode && size != BpfOpCode.DoubleWord && instruction.Source <= 10
            ? Make(Operation.LoadPacket, instruction, instruction.Immediate, mode == BpfOpCode.IndirectMode ? -SizeOf(instruction) : SizeOf(instruction))
            : Refused;
    }

    // The forms of an operation follow each other.
    private static Operation Form(Operation first, int index) => (Operation)((int)first + index);

    private static int SizeOf(BpfInstruction instruction) => (instruction.Code & BpfOpCode.SizeMask) switch
    {
        BpfOpCode.Byte => 1,
        BpfOpCode.HalfWord => 2,
        BpfOpCode.Word => 4,
        _ => 8,
    };

    private static DecodedInstruction Make(Operation operation, BpfInstruction instruction, long immediate, int target = 0) => new()
    {
        Operation = operation,
        Destination = (byte)instruction.Destination,
        Source = (byte)instruction.Source,
        Immediate = immediate,
        Target = target,
    };
}
