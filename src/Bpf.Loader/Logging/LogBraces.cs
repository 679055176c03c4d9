using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Logging;

/// <summary>Reads formats with names: <c>opened {file} by {pid,-8}, flags {flags:x}</c>, as .NET's loggers have them.</summary>
internal static class LogBraces
{
    /// <summary>Takes a format apart.</summary>
    /// <returns>False when it is none with names: it has no place, another number of them than there are values, or a lone brace.</returns>
    public static bool TryParse(string format, int count, List<LogPart> parts, out List<string> names)
    {
        names = [];
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is not ('{' or '}'))
            {
                text.Append(c);
                continue;
            }

            if (i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            int end = c == '{' ? format.IndexOf('}', i) : -1;
            if (end < 0 || !TryParsePlace(format.AsSpan(i + 1, end - i - 1), names, out LogPart place)) return false;
            if (text.Length > 0) parts.Add(new LogPart(text.ToString(), -1));
            text.Clear();
            parts.Add(place);
            i = end;
        }

        if (text.Length > 0) parts.Add(new LogPart(text.ToString(), -1));
        return names.Count == count && count > 0;
    }

    // NAME, NAME,WIDTH, NAME:FORMAT
    private static bool TryParsePlace(ReadOnlySpan<char> place, List<string> names, out LogPart part)
    {
        part = default;
        string? format = null;
        int width = 0;
        int colon = place.IndexOf(':');
        if (colon >= 0)
        {
            format = place[(colon + 1)..].ToString();
            place = place[..colon];
        }

        int comma = place.IndexOf(',');
        if (comma >= 0)
        {
            if (!int.TryParse(place[(comma + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out width)) return false;
            place = place[..comma];
        }

        if (place.IsEmpty) return false;
        foreach (char c in place)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.')) return false;
        }

        string name = place.ToString();
        part = new LogPart("", names.Count, width, format);
        names.Add(name);
        return true;
    }
}
