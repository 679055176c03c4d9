namespace Bpf.Loader.Instructions;

public static partial class BpfDisassembler
{
    // Offsets that change the meaning of a move or a division (include/linux/filter.h, uapi bpf.h).
    private const short SignedOperation = 1;
    private const short AddressSpaceCast = 1;
    private const short PerCpuAddress = -1;

    private static string FormatArithmetic(BpfInstruction i)
    {
        var operation = (BpfAluOperation)(i.Code & BpfOpCode.OperationMask);
        bool wide = i.Class == BpfOpCode.Alu64, register = (i.Code & BpfOpCode.SourceRegister) != 0;
        char file = wide ? 'r' : 'w';

        if (operation == BpfAluOperation.Endian)
        {
            string swap = wide ? "bswap" : register ? "be" : "le";
            return Invariant($"r{i.Destination} = {swap}{i.Immediate} r{i.Destination}");
        }

        if (operation == BpfAluOperation.Negate)
            return Invariant($"{file}{i.Destination} = -{file}{i.Destination}");
        if (operation == BpfAluOperation.Move && wide && register)
        {
            if (i.Offset == AddressSpaceCast)
                return Invariant($"r{i.Destination} = addr_space_cast(r{i.Source}, {(uint)i.Immediate >> 16}, {(ushort)i.Immediate})");
            if (i.Offset == PerCpuAddress)
                return Invariant($"r{i.Destination} = &(void __percpu *)(r{i.Source})");
        }

        string? assign = Assignment(operation, i.Offset == SignedOperation);
        if (assign is null)
            return Bug(i, wide ? "alu64" : "alu");
        if (!register)
            return Invariant($"{file}{i.Destination} {assign} {i.Immediate}");
        string extend = operation == BpfAluOperation.Move ? SignExtension(i.Offset) : "";
        return Invariant($"{file}{i.Destination} {assign} {extend}{file}{i.Source}");
    }

    private static string? Assignment(BpfAluOperation operation, bool signed) => operation switch
    {
        BpfAluOperation.Add => "+=",
        BpfAluOperation.Subtract => "-=",
        BpfAluOperation.Multiply => "*=",
        BpfAluOperation.Divide => signed ? "s/=" : "/=",
        BpfAluOperation.Or => "|=",
        BpfAluOperation.And => "&=",
        BpfAluOperation.ShiftLeft => "<<=",
        BpfAluOperation.ShiftRight => ">>=",
        BpfAluOperation.Modulo => signed ? "s%=" : "%=",
        BpfAluOperation.Xor => "^=",
        BpfAluOperation.Move => "=",
        BpfAluOperation.ShiftRightSigned => "s>>=",
        _ => null,
    };

    private static string SignExtension(short bits) => bits switch { 8 => "(s8)", 16 => "(s16)", 32 => "(s32)", _ => "" };
}
