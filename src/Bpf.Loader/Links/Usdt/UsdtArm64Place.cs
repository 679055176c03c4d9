using System;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Places of arguments on arm64: <c>x0</c>, <c>[sp, 16]</c>, <c>[x19]</c>, <c>5</c>.</summary>
internal static class UsdtArm64Place
{
    private const short StackPointer = 248; // struct user_pt_regs: 31 registers of 8 bytes, then sp

    public static bool TryParse(ref UsdtScanner scanner, out UsdtArgument argument)
    {
        argument = default;
        short register;
        if (scanner.Take('['))
        {
            if (!TakeRegister(ref scanner, out register)) return false;
            long offset = 0;
            if (scanner.Take(',') && !scanner.TakeNumber(out offset)) return false;
            argument = new UsdtArgument(UsdtArgumentKind.Memory, offset, register, 0, 0, 0, false);
            return scanner.Take(']');
        }

        if (scanner.TakeNumber(out long constant))
        {
            argument = new UsdtArgument(UsdtArgumentKind.Constant, constant, 0, 0, 0, 0, false);
            return true;
        }

        bool known = TakeRegister(ref scanner, out register);
        argument = new UsdtArgument(UsdtArgumentKind.Register, 0, register, 0, 0, 0, false);
        return known;
    }

    // The w registers are the lower halves of the x registers; the size of the argument says how much is meant.
    private static bool TakeRegister(ref UsdtScanner scanner, out short offset)
    {
        offset = StackPointer;
        if (!scanner.TakeWord(out ReadOnlySpan<char> name)) return false;
        if (name.SequenceEqual("sp")) return true;
        if (name[0] is not ('x' or 'w') || !int.TryParse(name[1..], out int number) || number is < 0 or > 30) return false;
        offset = (short)(number * 8);
        return true;
    }
}
