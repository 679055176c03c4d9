namespace Bpf.Loader.Instructions;

public static partial class BpfDisassembler
{
    private static string FormatJump(BpfInstruction i, string? name)
    {
        switch (i.Code)
        {
            case BpfOpCode.Call: return FormatCall(i, name);
            case BpfOpCode.Exit: return "exit";
            case BpfOpCode.Goto: return "goto pc" + Signed(i.Offset);
            case BpfOpCode.GotoLong: return "gotol pc" + Signed(i.Immediate);
            case BpfOpCode.GotoRegister: return Invariant($"gotox r{i.Destination}");

            // The source register 0 is BPF_MAY_GOTO, the one condition that there is.
            case BpfOpCode.GotoConditional when i.Source == 0: return "may_goto pc" + Signed(i.Offset);
        }

        bool wide = i.Class == BpfOpCode.Jump;
        string? comparison = Comparison((BpfCondition)(i.Code & BpfOpCode.OperationMask));
        if (comparison is null)
            return Bug(i, wide ? "jmp" : "jmp32");
        char file = wide ? 'r' : 'w';
        return (i.Code & BpfOpCode.SourceRegister) != 0
            ? Invariant($"if {file}{i.Destination} {comparison} {file}{i.Source} goto pc{Signed(i.Offset)}")
            : Invariant($"if {file}{i.Destination} {comparison} 0x{i.Immediate:x} goto pc{Signed(i.Offset)}");
    }

    private static string FormatCall(BpfInstruction i, string? name) => i.Source switch
    {
        BpfPseudo.Call => "call " + (name ?? "pc" + Signed(i.Immediate)),
        BpfPseudo.KernelFunctionCall => Invariant($"call {name ?? "kernel-function"}#{i.Immediate}"),
        0 => Invariant($"call {name ?? BpfHelper.GetName(i.Immediate) ?? "unknown"}#{i.Immediate}"),
        _ => Invariant($"call {name ?? "unknown"}#{i.Immediate}"),
    };

    private static string? Comparison(BpfCondition condition) => condition switch
    {
        BpfCondition.Equal => "==",
        BpfCondition.Greater => ">",
        BpfCondition.GreaterOrEqual => ">=",
        BpfCondition.AnyBitSet => "&",
        BpfCondition.NotEqual => "!=",
        BpfCondition.SignedGreater => "s>",
        BpfCondition.SignedGreaterOrEqual => "s>=",
        BpfCondition.Less => "<",
        BpfCondition.LessOrEqual => "<=",
        BpfCondition.SignedLess => "s<",
        BpfCondition.SignedLessOrEqual => "s<=",
        _ => null,
    };
}
