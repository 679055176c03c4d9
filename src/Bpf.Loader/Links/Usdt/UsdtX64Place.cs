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

    public static UsdtArgument Parse(ref UsdtScanner scanner, UsdtPlace place)
    {
        if (scanner.Take('$'))
        {
            if (!scanner.TakeSum(out long constant, out string? name)) return scanner.NotUnderstood;
            return name is null ? UsdtArgument.Constant(constant) : place.AddressOf(name, constant);
        }

        if (scanner.Take('%'))
        {
            if (!scanner.TakeWord(out ReadOnlySpan<char> word)) return scanner.NotUnderstood;
            if (scanner.Take(':')) return UsdtArgument.Unreadable($"it is in the segment of %{word}, whose place the kernel does not tell programs");
            return TryFindRegister(word, out short register)
                ? UsdtArgument.InRegister(register)
                : UsdtArgument.Unreadable($"the register %{word} is not among those that the kernel tells programs");
        }

        bool hasOffset = scanner.TakeSum(out long offset, out string? symbol);
        if (scanner.Take('(')) return ParseMemory(ref scanner, offset, symbol, place);
        return hasOffset ? place.Memory(offset, symbol, null, null) : scanner.NotUnderstood;
    }

    // Behind the parenthesis: %base) or %base,%index) or %base,%index,scale), and the last two without base
    private static UsdtArgument ParseMemory(ref UsdtScanner scanner, long offset, string? symbol, UsdtPlace place)
    {
        short? register = null;
        bool isRelative = false;
        if (scanner.Take('%'))
        {
            if (!scanner.TakeWord(out ReadOnlySpan<char> name) || !TryFindRegister(name, out short found)) return UsdtArgument.Unreadable($"%{name} holds no address");
            register = found;
            isRelative = symbol is not null && name is "rip" or "eip";
        }

        // The assembler counts from the next instruction so that the sum is the symbol.
        if (scanner.Take(')')) return place.Memory(offset, symbol, isRelative ? null : register, null);
        if (isRelative || !scanner.Take(',') || !scanner.Take('%') || !TakeRegister(ref scanner, out short index)) return scanner.NotUnderstood;
        long scale = 1;
        if (scanner.Take(',') && !scanner.TakeNumber(out scale)) return scanner.NotUnderstood;
        if (scale is not (1 or 2 or 4 or 8) || !scanner.Take(')')) return scanner.NotUnderstood;
        return place.Memory(offset, symbol, register, index, (int)long.TrailingZeroCount(scale));
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
