using System;

namespace Bpf.Loader;

/// <summary>Integers as C's <c>strtol</c> with base 0 reads them: decimal, <c>0x</c> hexadecimal, <c>0</c> octal, with a sign.</summary>
internal static class CInteger
{
    /// <summary>Reads the number at the beginning of a text; whatever follows it is left.</summary>
    /// <returns>False when there is no number there, or it does not fit into 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out long value, out int length)
    {
        bool isRead = TryReadMagnitude(text, out ulong magnitude, out bool isNegative, out length)
            && magnitude <= (isNegative ? 1UL << 63 : long.MaxValue);
        value = !isRead ? 0 : isNegative ? unchecked((long)(0 - magnitude)) : (long)magnitude;
        if (!isRead) length = 0;
        return isRead;
    }

    /// <summary>Reads a text that is a number and nothing else, of any 64 bits: a negative one as C converts it (<c>strtoull</c>).</summary>
    public static bool TryParseUnsigned(ReadOnlySpan<char> text, out ulong value)
    {
        bool isRead = TryReadMagnitude(text, out ulong magnitude, out bool isNegative, out int length) && length == text.Length;
        value = !isRead ? 0 : isNegative ? 0 - magnitude : magnitude;
        return isRead;
    }

    /// <summary>Reads a text that is a number and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        TryRead(text, out value, out int length) && length == text.Length;

    private static bool TryReadMagnitude(ReadOnlySpan<char> text, out ulong magnitude, out bool isNegative, out int length)
    {
        magnitude = 0;
        length = 0;
        int at = 0;
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        isNegative = at < text.Length && text[at] == '-';
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
        for (; at < text.Length && Digit(text[at]) is uint digit && digit < radix; at++)
        {
            if (magnitude > (ulong.MaxValue - digit) / radix) return false;
            magnitude = (magnitude * radix) + digit;
        }

        length = at;
        return at != first;
    }

    private static uint Digit(char c) => c switch
    {
        >= '0' and <= '9' => (uint)(c - '0'),
        >= 'a' and <= 'f' => (uint)(c - 'a' + 10),
        >= 'A' and <= 'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };
}
