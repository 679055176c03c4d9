using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing.Execution;

internal static partial class Decoder
{
    private const int TailCallHelper = 12;

    private static DecodedInstruction DecodeJump(int length, int at, BpfInstruction instruction)
    {
        bool is32 = instruction.Class == BpfOpCode.Jump32, isRegister = (instruction.Code & BpfOpCode.SourceRegister) != 0;
        switch (instruction.Code)
        {
            case BpfOpCode.Call:
                return DecodeCall(length, at, instruction);
            case BpfOpCode.Exit:
                return Make(Operation.Exit, instruction, 0);
            case BpfOpCode.GotoRegister:
                return Make(Operation.GotoRegister, instruction, 0);
            case BpfOpCode.Goto:
                return To(Operation.Goto, length, at + 1L + instruction.Offset, instruction);
            case BpfOpCode.GotoLong:
                return To(Operation.Goto, length, at + 1L + instruction.Immediate, instruction);
            case BpfOpCode.GotoConditional:
                return To(Operation.GotoConditional, length, at + 1L + instruction.Offset, instruction);
        }

        Operation? first = (BpfCondition)(instruction.Code & BpfOpCode.OperationMask) switch
        {
            BpfCondition.Equal => Operation.JumpIfEqualRegister,
            BpfCondition.Greater => Operation.JumpIfGreaterRegister,
            BpfCondition.GreaterOrEqual => Operation.JumpIfGreaterOrEqualRegister,
            BpfCondition.AnyBitSet => Operation.JumpIfAnyBitSetRegister,
            BpfCondition.NotEqual => Operation.JumpIfNotEqualRegister,
            BpfCondition.SignedGreater => Operation.JumpIfSignedGreaterRegister,
            BpfCondition.SignedGreaterOrEqual => Operation.JumpIfSignedGreaterOrEqualRegister,
            BpfCondition.Less => Operation.JumpIfLessRegister,
            BpfCondition.LessOrEqual => Operation.JumpIfLessOrEqualRegister,
            BpfCondition.SignedLess => Operation.JumpIfSignedLessRegister,
            BpfCondition.SignedLessOrEqual => Operation.JumpIfSignedLessOrEqualRegister,
            _ => null,
        };
        return first is { } start && (!isRegister || instruction.Source <= 10)
            ? To(Form(start, (is32 ? 2 : 0) + (isRegister ? 0 : 1)), length, at + 1L + instruction.Offset, instruction)
            : Refused;
    }

    private static DecodedInstruction To(Operation operation, int length, long target, BpfInstruction instruction) =>
        target >= 0 && target < length ? Make(operation, instruction, instruction.Immediate, (int)target) : Refused;

    private static DecodedInstruction DecodeCall(int length, int at, BpfInstruction instruction) => instruction.Source switch
    {
        0 when instruction.Destination == 0 => Make(instruction.Immediate == TailCallHelper ? Operation.TailCall : Operation.CallHelper, instruction, instruction.Immediate),
        BpfPseudo.Call => To(Operation.CallFunction, length, at + 1L + instruction.Immediate, instruction),
        BpfPseudo.KernelFunctionCall => Make(Operation.CallKernelFunction, instruction, -1),
        _ => Refused,
    };
}
