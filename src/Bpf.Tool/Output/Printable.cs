using System;
using System.Globalization;
using System.Text;

namespace Bpf.Tool.Output;

/// <summary>Makes text from elsewhere safe for a terminal: a process may be called by a command for it.</summary>
internal static class Printable
{
    /// <summary>The text, of several lines, with control characters other than line ends and tabs written as <c>\xNN</c>.</summary>
    public static string Lines(string text) => string.Join('\n', Array.ConvertAll(text.Split('\n'), line => Text(line.Replace('\t', ' '))));

    /// <summary>The text with control characters written as <c>\xNN</c>.</summary>
    public static string Text(string text)
    {
        int first = text.AsSpan().IndexOfAnyInRange('\0', '\x1f');
        if (first < 0 && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
            return text;
        var safe = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (char.IsControl(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                safe.Append(c);
        }

        return safe.ToString();
    }
}
