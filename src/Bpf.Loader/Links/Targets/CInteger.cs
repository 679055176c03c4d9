using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>Integers as C's <c>strtol</c> with base 0 reads them: decimal, <c>0x</c> hexadecimal, <c>0</c> octal, with a sign.</summary>
internal static class CInteger
{
    /// <summary>Reads the number at the beginning of a text; whatever follows it is left.</summary>
    /// <returns>False when there is no number there, or it does not fit into 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out long value, out int length)
    {
        value = 0;
        length = 0;
        int at = 0;
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        bool negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '-' or '+') at++;

        uint radix = 10;
        if (at < text.Length && text[at] == '0')
        {
            radix = 8;
            if (at + 2 < text.Length && text[at + 1] is 'x' or 'X' && char.IsAsciiHexDigit(text[at + 2]))
            {
                radix = 16;
                at += 2;
            }
        }

        int first = at;
        ulong magnitude = 0;
        for (; at < text.Length && Digit(text[at]) is uint digit && digit < radix; at++)
        {
            if (magnitude > (ulong.MaxValue - digit) / radix) return false;
            magnitude = (magnitude * radix) + digit;
        }

        if (at == first || magnitude > (negative ? 1UL << 63 : long.MaxValue)) return false;
        value = negative ? unchecked((long)(0 - magnitude)) : (long)magnitude;
        length = at;
        return true;
    }

    /// <summary>Reads a text that is a number and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        TryRead(text, out value, out int length) && length == text.Length;

    private static uint Digit(char c) => c switch
    {
        >= '0' and <= '9' => (uint)(c - '0'),
        >= 'a' and <= 'f' => (uint)(c - 'a' + 10),
        >= 'A' and <= 'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };
}
