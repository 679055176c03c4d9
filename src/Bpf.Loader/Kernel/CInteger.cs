using System;

namespace Bpf.Loader.Kernel;

/// <summary>Integers as C's strtoull(3) with base 0 reads them: decimal, 0x hexadecimal, 0 octal, with a sign that wraps round.</summary>
internal static class CInteger
{
    /// <summary>Reads a whole text; <see langword="false"/> when something is left over, or it does not fit in 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        text = text.TrimStart();
        bool negative = text.StartsWith('-');
        if (negative || text.StartsWith('+'))
            text = text[1..];
        uint radix = 10;
        if (text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X')
        {
            radix = 16;
            text = text[2..];
        }
        else if (text.Length > 1 && text[0] == '0')
        {
            radix = 8;
            text = text[1..];
        }

        if (text.IsEmpty)
            return false;
        foreach (char c in text)
        {
            uint digit = char.IsAsciiDigit(c) ? (uint)(c - '0')
                : char.IsAsciiHexDigit(c) ? (uint)((c | 0x20) - 'a' + 10)
                : uint.MaxValue;
            if (digit >= radix || value > (ulong.MaxValue - digit) / radix)
                return false;
            value = (value * radix) + digit;
        }

        if (negative)
            value = unchecked(0 - value);
        return true;
    }
}
