using Bpf.Loader.Instructions;

namespace Bpf.Loader.Testing.Execution;

internal static partial class Decoder
{
    private static DecodedInstruction DecodeLoad(BpfInstruction instruction)
    {
        int index = Log2(SizeOf(instruction));
        bool isSigned = (instruction.Code & BpfOpCode.ModeMask) == BpfOpCode.MemorySignExtendMode;
        if (!isSigned && (instruction.Code & BpfOpCode.ModeMask) != BpfOpCode.MemoryMode) return Refused;
        if (isSigned && index == 3) return Refused;
        if (instruction.Source != 10) return Make(Form(isSigned ? Operation.LoadSigned8 : Operation.Load8, index), instruction, instruction.Offset);
        return IsOnStack(instruction) ? Make(Form(isSigned ? Operation.LoadStackSigned8 : Operation.LoadStack8, index), instruction, 0, instruction.Offset)
            : Make(Form(isSigned ? Operation.LoadSigned8 : Operation.Load8, index), instruction, instruction.Offset);
    }

    private static DecodedInstruction DecodeStore(BpfInstruction instruction)
    {
        int index = Log2(SizeOf(instruction));
        bool isConstant = instruction.Class == BpfOpCode.Store;
        switch (instruction.Code & BpfOpCode.ModeMask)
        {
            case BpfOpCode.MemoryMode:
                break;
            case BpfOpCode.AtomicMode when !isConstant:
                return DecodeAtomic(instruction);
            default:
                return Refused;
        }

        bool isStack = instruction.Destination == 10 && IsOnStack(instruction);
        if (isConstant)
            return Make(Form(isStack ? Operation.StoreStackImmediate8 : Operation.StoreImmediate8, index), instruction, instruction.Immediate, instruction.Offset);
        return Make(Form(isStack ? Operation.StoreStack8 : Operation.Store8, index), instruction, instruction.Offset, instruction.Offset);
    }

    private static DecodedInstruction DecodeAtomic(BpfInstruction instruction)
    {
        int size = SizeOf(instruction);
        switch ((BpfAtomicOperation)instruction.Immediate)
        {
            case BpfAtomicOperation.LoadAcquire:
                return instruction.Destination == 10 ? Refused : Make(Operation.LoadAcquire, instruction, size, instruction.Offset);
            case BpfAtomicOperation.StoreRelease:
                return Make(Operation.StoreRelease, instruction, size, instruction.Offset);
            case BpfAtomicOperation.Add or BpfAtomicOperation.Or or BpfAtomicOperation.And or BpfAtomicOperation.Xor:
            case BpfAtomicOperation.FetchAdd or BpfAtomicOperation.FetchOr or BpfAtomicOperation.FetchAnd or BpfAtomicOperation.FetchXor:
            case BpfAtomicOperation.Exchange or BpfAtomicOperation.CompareExchange:
                return size < 4 || ((instruction.Immediate & 1) != 0 && instruction.Source == 10) ? Refused
                    : Make(Operation.Atomic, instruction, (uint)instruction.Immediate | ((long)size << 32), instruction.Offset);
            default:
                return Refused;
        }
    }

    private static bool IsOnStack(BpfInstruction instruction) => instruction.Offset >= -StackSize && instruction.Offset + SizeOf(instruction) <= 0;

    private static int Log2(int size) => size switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };
}
