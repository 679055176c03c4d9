namespace Bpf.Loader.Instructions;

/// <summary>Decides conditional jumps.</summary>
internal static class BpfBranch
{
    /// <summary>Whether a jump is taken; null when that does not follow from what is known.</summary>
    /// <param name="instruction">The jump.</param>
    /// <param name="left">The destination register.</param>
    /// <param name="right">The source register or the immediate.</param>
    public static bool? Decide(BpfInstruction instruction, long? left, long? right)
    {
        if (left is not long a || right is not long b || instruction.Class is not (BpfOpCode.Jump or BpfOpCode.Jump32)) return null;
        if (instruction.Class == BpfOpCode.Jump32)
        {
            a = (int)a;
            b = (int)b;
        }

        // Sign extension keeps the order of unsigned numbers, too.
        return (BpfCondition)(instruction.Code & BpfOpCode.OperationMask) switch
        {
            BpfCondition.Equal => a == b,
            BpfCondition.NotEqual => a != b,
            BpfCondition.Greater => (ulong)a > (ulong)b,
            BpfCondition.GreaterOrEqual => (ulong)a >= (ulong)b,
            BpfCondition.Less => (ulong)a < (ulong)b,
            BpfCondition.LessOrEqual => (ulong)a <= (ulong)b,
            BpfCondition.SignedGreater => a > b,
            BpfCondition.SignedGreaterOrEqual => a >= b,
            BpfCondition.SignedLess => a < b,
            BpfCondition.SignedLessOrEqual => a <= b,
            BpfCondition.AnyBitSet => (a & b) != 0,
            _ => null,
        };
    }
}
