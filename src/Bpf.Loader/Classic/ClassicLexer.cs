using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Classic;

/// <summary>Cuts assembly into its pieces; comments (<c>;</c> to the end of the line, and those of C) are left out.</summary>
internal static class ClassicLexer
{
    public static List<ClassicToken> Read(string text)
    {
        List<ClassicToken> tokens = [];
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            char next = text[at];
            if (next == '\n') line++;
            if (char.IsWhiteSpace(next))
            {
                at++;
            }
            else if (next == ';')
            {
                while (at < text.Length && text[at] != '\n') at++;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0) throw Malformed(line, "the comment does not end");
                line += text.AsSpan(at, end - at).Count('\n');
                at = end + 2;
            }
            else
            {
                int length = LengthOf(text.AsSpan(at));
                string piece = text.Substring(at, length);
                tokens.Add(new ClassicToken(piece, NumberOf(piece, line), line));
                at += length;
            }
        }

        tokens.Add(new ClassicToken("", null, line));
        return tokens;
    }

    /// <summary>A finding in a line.</summary>
    public static BpfFormatException Malformed(int line, string reason) => new($"Line {line} of the filter: {reason}.");

    private static int LengthOf(ReadOnlySpan<char> text)
    {
        // A sign belongs to its number, but for that of [x + 14], which a space follows or not: the parser takes both.
        int length = IsPart(text[0]) ? 1 : text[0] is '+' or '-' && text.Length > 1 && char.IsAsciiDigit(text[1]) ? 2 : 0;
        if (length == 0) return 1;
        while (length < text.Length && IsPart(text[length])) length++;
        return length;
    }

    private static bool IsPart(char each) => char.IsAsciiLetterOrDigit(each) || each == '_';

    private static long? NumberOf(string piece, int line)
    {
        ReadOnlySpan<char> digits = piece.AsSpan().TrimStart("+-");
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0])) return null;
        // bpf_asm reads a leading 0 as octal; tcpdump's indices are decimal, and are read as text.
        (int prefix, int digitBase) = digits switch
        {
            ['0', 'x' or 'X', ..] => (2, 16),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (1, 8),
            _ => (0, 10),
        };
        ReadOnlySpan<char> rest = digits[prefix..];
        ulong value = 0;
        bool isNumber = !rest.IsEmpty;
        foreach (char digit in rest)
        {
            int worth = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 16;
            isNumber &= worth < digitBase && value <= uint.MaxValue;
            value = unchecked((value * (ulong)digitBase) + (ulong)worth);
        }

        // The index of a line of tcpdump's may hold an 8 or 9.
        if (!isNumber && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return index;
        if (!isNumber || value > uint.MaxValue || (piece[0] == '-' && value > 0x8000_0000)) throw Malformed(line, $"'{piece}' is no number of 32 bits");
        return piece[0] == '-' ? -(long)value : (long)value;
    }
}
