using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bpf.Loader;

public static partial class BpfText
{
    private const int Joiners = 0x200c; // ZERO WIDTH NON-JOINER and JOINER shape letters and emoji, and do nothing else

    /// <summary>A text from elsewhere, such as a name in an object or of a process, made safe for a terminal and a log.</summary>
    /// <param name="text">The text.</param>
    /// <returns>
    /// The text, with what is not seen but acts written as escapes: control characters (<c>\x1b</c>), line ends and tabs among them,
    /// other separators of lines, and marks that turn the direction of writing or hide (<c>\u202e</c>).
    /// </returns>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (first < 0) return text;
        var safe = new StringBuilder(text.Length + 8).Append(text, 0, first);
        ReadOnlySpan<char> rest = text.AsSpan(first);
        while (!rest.IsEmpty)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done;
            if (isWhole && IsPrintable(rune)) safe.Append(rest[..length]);
            else safe.Append(isWhole ? Escape(rune) : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)rest[0]:x4}"));
            rest = rest[length..];
        }

        return safe.ToString();
    }

    /// <summary>True when all bytes are characters of ASCII that are seen: what <see cref="Printable(string)"/> leaves as it is.</summary>
    internal static bool IsPlain(ReadOnlySpan<byte> utf8) => utf8.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;

    /// <summary>True for characters that a terminal shows, and does nothing else with.</summary>
    /// <param name="rune">The character.</param>
    public static bool IsPrintable(Rune rune) => rune.Value is >= ' ' and <= '~' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Format => rune.Value is Joiners or Joiners + 1,
        _ => true,
    };

    /// <summary>A character as C writes it in a string: <c>\x1b</c>, <c>\u202e</c>, <c>\U000e0001</c>.</summary>
    /// <param name="rune">The character.</param>
    public static string Escape(Rune rune) => rune.Value switch
    {
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };
}
