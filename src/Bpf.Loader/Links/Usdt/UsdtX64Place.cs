using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Places of arguments on x86-64, in the assembler of AT&amp;T: <c>%rax</c>, <c>-8(%rbp)</c>, <c>8(%rdi,%rcx,4)</c>, <c>$5</c>.</summary>
internal static class UsdtX64Place
{
    // Offsets in struct pt_regs: arch/x86/include/asm/ptrace.h.
    private static readonly (string Name, short Offset)[] Legacy =
    [
        ("ax", 80), ("bx", 40), ("cx", 88), ("dx", 96), ("si", 104), ("di", 112), ("bp", 32), ("sp", 152), ("ip", 128),
    ];

    private static readonly short[] Numbered = [72, 64, 56, 48, 24, 16, 8, 0]; // r8 to r15

    public static bool TryParse(ref UsdtScanner scanner, out UsdtArgument argument)
    {
        argument = default;
        if (scanner.Take('$'))
        {
            bool isNumber = scanner.TakeNumber(out long constant);
            argument = new UsdtArgument(UsdtArgumentKind.Constant, constant, 0, 0, 0, 0, false);
            return isNumber;
        }

        if (scanner.Take('%'))
        {
            bool known = TakeRegister(ref scanner, out short register);
            argument = new UsdtArgument(UsdtArgumentKind.Register, 0, register, 0, 0, 0, false);
            return known;
        }

        scanner.TakeNumber(out long offset);
        return scanner.Take('(') && TryParseMemory(ref scanner, offset, out argument);
    }

    // Behind the parenthesis: %base) or %base,%index) or %base,%index,scale)
    private static bool TryParseMemory(ref UsdtScanner scanner, long offset, out UsdtArgument argument)
    {
        argument = default;
        if (!scanner.Take('%') || !TakeRegister(ref scanner, out short register)) return false;
        argument = new UsdtArgument(UsdtArgumentKind.Memory, offset, register, 0, 0, 0, false);
        if (scanner.Take(')')) return true;

        if (!scanner.Take(',') || !scanner.Take('%') || !TakeRegister(ref scanner, out short index)) return false;
        long scale = 1;
        if (scanner.Take(',') && !scanner.TakeNumber(out scale)) return false;
        if (scale is not (1 or 2 or 4 or 8) || !scanner.Take(')')) return false;
        argument = new UsdtArgument(
            UsdtArgumentKind.IndexedMemory, offset, register, (ushort)index, (byte)long.TrailingZeroCount(scale), 0, false);
        return true;
    }

    private static bool TakeRegister(ref UsdtScanner scanner, out short offset)
    {
        offset = 0;
        return scanner.TakeWord(out ReadOnlySpan<char> name) && TryFindRegister(name, out offset);
    }

    private static bool TryFindRegister(ReadOnlySpan<char> name, out short offset)
    {
        offset = 0;
        if (name.Length >= 2 && name[0] == 'r' && char.IsAsciiDigit(name[1])) return TryFindNumbered(name[1..], out offset);
        foreach ((string legacy, short at) in Legacy)
        {
            offset = at;
            // rax, eax, ax, al; sil, dil, bpl and spl.
            bool wide = name.Length == 3 && name[0] is 'r' or 'e' && name[1..].SequenceEqual(legacy);
            bool low = legacy[1] == 'x' ? name.Length == 2 && name[0] == legacy[0] && name[1] == 'l'
                : name.Length == 3 && name[..2].SequenceEqual(legacy) && name[2] == 'l' && legacy != "ip";
            if (wide || low || name.SequenceEqual(legacy)) return true;
        }

        return false;
    }

    // 8 to 15, with d, w or b for the lower 4, 2 and 1 bytes.
    private static bool TryFindNumbered(ReadOnlySpan<char> digits, out short offset)
    {
        offset = 0;
        if (digits[^1] is 'd' or 'w' or 'b') digits = digits[..^1];
        if (!int.TryParse(digits, out int number) || number is < 8 or > 15) return false;
        offset = Numbered[number - 8];
        return true;
    }
}
