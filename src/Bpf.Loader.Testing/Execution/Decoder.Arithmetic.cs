using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing.Execution;

internal static partial class Decoder
{
    private static DecodedInstruction DecodeArithmetic(BpfInstruction instruction)
    {
        bool is64 = instruction.Class == BpfOpCode.Alu64, isRegister = (instruction.Code & BpfOpCode.SourceRegister) != 0;
        var operation = (BpfAluOperation)(instruction.Code & BpfOpCode.OperationMask);
        switch (operation)
        {
            case BpfAluOperation.Negate:
                return isRegister ? Refused : Make(is64 ? Operation.Negate : Operation.Negate32, instruction, 0);
            case BpfAluOperation.Endian:
                return DecodeEndian(instruction, is64, isRegister);
            case BpfAluOperation.Move when isRegister && instruction.Offset != 0:
                return DecodeMove(instruction, is64);
        }

        Operation? first = (operation, instruction.Offset) switch
        {
            (BpfAluOperation.Add, 0) => Operation.AddRegister,
            (BpfAluOperation.Subtract, 0) => Operation.SubtractRegister,
            (BpfAluOperation.Multiply, 0) => Operation.MultiplyRegister,
            (BpfAluOperation.Divide, 0) => Operation.DivideRegister,
            (BpfAluOperation.Divide, 1) => Operation.DivideSignedRegister,
            (BpfAluOperation.Or, 0) => Operation.OrRegister,
            (BpfAluOperation.And, 0) => Operation.AndRegister,
            (BpfAluOperation.ShiftLeft, 0) => Operation.ShiftLeftRegister,
            (BpfAluOperation.ShiftRight, 0) => Operation.ShiftRightRegister,
            (BpfAluOperation.Modulo, 0) => Operation.ModuloRegister,
            (BpfAluOperation.Modulo, 1) => Operation.ModuloSignedRegister,
            (BpfAluOperation.Xor, 0) => Operation.XorRegister,
            (BpfAluOperation.Move, 0) => Operation.MoveRegister,
            (BpfAluOperation.ShiftRightSigned, 0) => Operation.ShiftRightSignedRegister,
            _ => null,
        };
        if (first is not { } start || IsRefused(operation, instruction, is64, isRegister)) return Refused;
        // The four forms follow each other: register, constant, and both for the lower half.
        return Make(Form(start, (is64 ? 0 : 2) + (isRegister ? 0 : 1)), instruction, instruction.Immediate);
    }

    // The verifier refuses a constant divisor of zero and a constant shift of all bits or more.
    private static bool IsRefused(BpfAluOperation operation, BpfInstruction instruction, bool is64, bool isRegister) => !isRegister && operation switch
    {
        BpfAluOperation.Divide or BpfAluOperation.Modulo => instruction.Immediate == 0,
        BpfAluOperation.ShiftLeft or BpfAluOperation.ShiftRight or BpfAluOperation.ShiftRightSigned => (uint)instruction.Immediate >= (is64 ? 64 : 32),
        _ => false,
    };

    private static DecodedInstruction DecodeMove(BpfInstruction instruction, bool is64) => (is64, instruction.Offset) switch
    {
        (true, 1) => Make(Operation.AddressSpaceCast, instruction, instruction.Immediate),
        (true, 8) => Make(Operation.MoveSigned8, instruction, 0),
        (true, 16) => Make(Operation.MoveSigned16, instruction, 0),
        (true, 32) => Make(Operation.MoveSigned32, instruction, 0),
        (false, 8) => Make(Operation.Move32Signed8, instruction, 0),
        (false, 16) => Make(Operation.Move32Signed16, instruction, 0),
        _ => Refused,
    };

    private static DecodedInstruction DecodeEndian(BpfInstruction instruction, bool is64, bool toBig)
    {
        // The machine is little-endian: a change to little-endian only clears what is above.
        bool swaps = is64 || toBig;
        if (is64 && toBig) return Refused;
        return instruction.Immediate switch
        {
            16 => Make(swaps ? Operation.Swap16 : Operation.Zero16, instruction, 0),
            32 => Make(swaps ? Operation.Swap32 : Operation.Zero32, instruction, 0),
            64 => Make(swaps ? Operation.Swap64 : Operation.Nothing, instruction, 0),
            _ => Refused,
        };
    }
}
