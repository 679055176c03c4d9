using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>
/// Places of arguments on arm64: <c>x0</c>, <c>[sp, 16]</c>, <c>[x19]</c>, <c>[x0, x1, lsl 3]</c>, <c>[x0, #:lo12:table]</c>, <c>table</c>, <c>5</c>.
/// </summary>
internal static class UsdtArm64Place
{
    private const short StackPointer = 248; // struct user_pt_regs: 31 registers of 8 bytes, then sp
    private const int PageMask = 0xfff; // what :lo12: keeps; programs move by whole pages

    public static UsdtArgument Parse(ref UsdtScanner scanner, UsdtPlace place)
    {
        if (scanner.Take('[')) return ParseMemory(ref scanner, place);
        bool isConstant = scanner.Take('#');
        UsdtScanner before = scanner;
        if (!isConstant && scanner.TakeWord(out ReadOnlySpan<char> name))
        {
            if (name is "xzr" or "wzr") return UsdtArgument.Constant(0);
            if (scanner.AtEnd && TryFindRegister(name, out short register)) return UsdtArgument.InRegister(register);
            if (scanner.AtEnd && IsVector(name)) return UsdtArgument.Unreadable($"the register {name} is not among those that the kernel tells programs");
            scanner = before;
        }

        if (!scanner.TakeSum(out long number, out string? symbol)) return scanner.NotUnderstood;
        if (symbol is null) return UsdtArgument.Constant(number);
        return isConstant ? place.AddressOf(symbol, number) : place.Memory(number, symbol, null, null);
    }

    // Behind the bracket: x0] or x0, 8] or x0, x1] or x0, x1, lsl 3] or x0, #:lo12:symbol+8]
    private static UsdtArgument ParseMemory(ref UsdtScanner scanner, UsdtPlace place)
    {
        if (!scanner.TakeWord(out ReadOnlySpan<char> name) || !TryFindRegister(name, out short register) || name[0] == 'w') return scanner.NotUnderstood;
        if (scanner.Take(']')) return UsdtArgument.InMemory(register, 0);
        if (!scanner.Take(',')) return scanner.NotUnderstood;

        scanner.Take('#');
        if (scanner.Take(":lo12:"))
        {
            if (!scanner.TakeSum(out long added, out string? symbol) || symbol is null || !scanner.Take(']')) return scanner.NotUnderstood;
            return place.Symbols.Find(symbol, out string? reason) is ulong address
                ? UsdtArgument.InMemory(register, unchecked((long)address + added) & PageMask)
                : UsdtArgument.Unreadable(reason!);
        }

        if (scanner.TakeNumber(out long offset)) return scanner.Take(']') ? UsdtArgument.InMemory(register, offset) : scanner.NotUnderstood;
        if (!scanner.TakeWord(out ReadOnlySpan<char> second) || second[0] == 'w' || !TryFindRegister(second, out short index)) return scanner.NotUnderstood;
        long shift = 0;
        if (scanner.Take(','))
        {
            if (!scanner.Take("lsl")) return scanner.NotUnderstood;
            scanner.Take('#');
            if (!scanner.TakeNumber(out shift) || shift is < 0 or > 4) return scanner.NotUnderstood;
        }

        return scanner.Take(']') ? UsdtArgument.Indexed(register, 0, index, (int)shift) : scanner.NotUnderstood;
    }

    // The w registers are the lower halves of the x registers; the size of the argument says how much is meant.
    private static bool TryFindRegister(ReadOnlySpan<char> name, out short offset)
    {
        offset = StackPointer;
        if (name is "sp" or "wsp") return true;
        if (name[0] is not ('x' or 'w') || !int.TryParse(name[1..], out int number) || number is < 0 or > 30) return false;
        offset = (short)(number * 8);
        return true;
    }

    private static bool IsVector(ReadOnlySpan<char> name) =>
        name[0] is 'b' or 'h' or 's' or 'd' or 'q' or 'v' && int.TryParse(name[1..], out int number) && number is >= 0 and < 32;
}
