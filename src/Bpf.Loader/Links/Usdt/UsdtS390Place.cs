using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Places of arguments on s390: <c>%r2</c>, <c>160(%r15)</c>, <c>8(%r1,%r2)</c>, <c>table</c>, <c>5</c>.</summary>
internal static class UsdtS390Place
{
    private const short FirstRegister = 24; // user_pt_regs: args[1], psw of 16 bytes, gprs[16]

    public static UsdtArgument Parse(ref UsdtScanner scanner, UsdtPlace place)
    {
        UsdtScanner before = scanner;
        if (scanner.Take('%'))
            return TakeRegister(ref scanner, out short register) ? UsdtArgument.InRegister(register) : before.NotUnderstood;

        bool hasOffset = scanner.TakeSum(out long offset, out string? symbol);
        if (scanner.Take('('))
        {
            if (!scanner.Take('%') || !TakeRegister(ref scanner, out short register)) return scanner.NotUnderstood;
            if (scanner.Take(')')) return place.Memory(offset, symbol, register, null);
            if (!scanner.Take(',') || !scanner.Take('%') || !TakeRegister(ref scanner, out short second) || !scanner.Take(')')) return scanner.NotUnderstood;
            return place.Memory(offset, symbol, second, register); // the index comes first
        }

        if (!hasOffset) return scanner.NotUnderstood;
        return symbol is null ? UsdtArgument.Constant(offset) : place.Memory(offset, symbol, null, null);
    }

    private static bool TakeRegister(ref UsdtScanner scanner, out short offset)
    {
        offset = 0;
        if (!scanner.TakeWord(out ReadOnlySpan<char> name) || name[0] != 'r' || !int.TryParse(name[1..], out int number) || number is < 0 or > 15) return false;
        offset = (short)(FirstRegister + (number * 8));
        return true;
    }
}
