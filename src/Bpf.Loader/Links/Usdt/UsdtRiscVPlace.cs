using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Places of arguments on RISC-V: <c>a0</c>, <c>-24(s0)</c>, <c>table</c>, <c>5</c>.</summary>
internal static class UsdtRiscVPlace
{
    // struct user_regs_struct: arch/riscv/include/uapi/asm/ptrace.h; a register has 8 bytes.
    private static readonly string[] Registers =
    [
        "pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
        "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];

    public static UsdtArgument Parse(ref UsdtScanner scanner, UsdtPlace place)
    {
        UsdtScanner before = scanner;
        if (scanner.TakeWord(out ReadOnlySpan<char> name))
        {
            if (name is "zero" && scanner.AtEnd) return UsdtArgument.Constant(0);
            if (scanner.AtEnd && TryFindRegister(name, out short register)) return UsdtArgument.InRegister(register);
            scanner = before;
        }

        bool hasOffset = scanner.TakeSum(out long offset, out string? symbol);
        if (scanner.Take('('))
        {
            if (!scanner.TakeWord(out name) || !TryFindRegister(name, out short register) || !scanner.Take(')')) return scanner.NotUnderstood;
            return place.Memory(offset, symbol, register, null);
        }

        if (!hasOffset) return scanner.NotUnderstood;
        return symbol is null ? UsdtArgument.Constant(offset) : place.Memory(offset, symbol, null, null);
    }

    private static bool TryFindRegister(ReadOnlySpan<char> name, out short offset)
    {
        if (name is "fp") name = "s0";
        for (int i = 0; i < Registers.Length; i++)
        {
            offset = (short)(i * 8);
            if (name.SequenceEqual(Registers[i])) return true;
        }

        offset = 0;
        return false;
    }
}
