using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Logging;

/// <summary>Reads printf's formats. What an argument is follows from its type, so that lengths (<c>l</c>, <c>ll</c>) say nothing.</summary>
internal static class LogPrintf
{
    private const string Lengths = "hlLqjzt", Conversions = "diuxXocspb";

    /// <summary>Takes a format apart; what is no conversion, or has no value, stays as it is written.</summary>
    public static void Parse(string format, int count, List<LogPart> parts)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            if (i + 1 < format.Length && format[i + 1] == '%')
            {
                text.Append('%');
                i++;
                continue;
            }

            int end = i + 1;
            if (next >= count || !TryParsePlace(format, ref end, next, out LogPart part, out string before))
            {
                text.Append('%');
                continue;
            }

            text.Append(before);
            if (text.Length > 0) parts.Add(new LogPart(text.ToString(), -1));
            text.Clear();
            parts.Add(part);
            next++;
            i = end;
        }

        if (text.Length > 0) parts.Add(new LogPart(text.ToString(), -1));
    }

    // %[-+ #0][WIDTH][.PRECISION][LENGTH]CONVERSION; at stands at the conversion in the end.
    private static bool TryParsePlace(string format, ref int at, int index, out LogPart part, out string before)
    {
        bool left = false, zeroes = false, alternate = false;
        part = default;
        before = "";
        for (; at < format.Length && "-+ #0".Contains(format[at], StringComparison.Ordinal); at++)
        {
            left |= format[at] == '-';
            zeroes |= format[at] == '0';
            alternate |= format[at] == '#';
        }

        int width = ParseNumber(format, ref at) ?? 0, precision = -1;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = ParseNumber(format, ref at) ?? 0;
        }

        while (at < format.Length && Lengths.Contains(format[at], StringComparison.Ordinal)) at++;
        if (at >= format.Length || !Conversions.Contains(format[at], StringComparison.Ordinal)) return false;
        char conversion = format[at];
        // %pI4 and the kernel's other pointers: the type of the argument says what it is.
        if (conversion == 'p')
        {
            while (at + 1 < format.Length && char.IsAsciiLetterOrDigit(format[at + 1]) && "KksSIiMmBbfFrRhUDdgGEVCO46".Contains(format[at + 1], StringComparison.Ordinal)) at++;
        }

        int digits = precision > 0 ? precision : zeroes && !left ? width : 0;
        bool isNumber = conversion is 'd' or 'i' or 'u' or 'x' or 'X';
        string? form = conversion switch
        {
            'x' or 'X' => digits > 0 ? $"{conversion}{Text(digits)}" : conversion.ToString(),
            'd' or 'i' or 'u' when digits > 0 => $"D{Text(digits)}",
            _ => null,
        };
        if (alternate && conversion is 'x' or 'X') before = $"0{conversion}";
        part = new LogPart(
            "", index, isNumber && digits > 0 ? 0 : left ? -width : width, form, conversion is 'c' or 'o' ? conversion : '\0', conversion == 's' ? precision : -1);
        return true;
    }

    private static int? ParseNumber(string format, ref int at)
    {
        int start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at])) at++;
        return at > start && int.TryParse(format.AsSpan(start, Math.Min(at - start, 4)), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Min(number, 256) : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
