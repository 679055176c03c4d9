using System;
using System.Globalization;

namespace Bpf.Loader.Logging;

/// <summary>A part of a format: a text, or the place of a value.</summary>
/// <param name="Text">The text; empty for a value.</param>
/// <param name="Index">The number of the value; -1 for a text.</param>
/// <param name="Width">To how many characters it is filled up: at the left, or, where it is negative, at the right.</param>
/// <param name="Format">How .NET formats it: <c>x</c>, <c>X8</c>; null as it is.</param>
/// <param name="Conversion">The letter of printf that .NET has no format for: c and o, and s with what it is cut to.</param>
/// <param name="Precision">To how many characters a text is cut; -1 for none.</param>
internal readonly record struct LogPart(string Text, int Index, int Width = 0, string? Format = null, char Conversion = '\0', int Precision = -1)
{
    // So that a width which somebody mistyped does not fill the memory.
    private const int WidestWidth = 256;

    /// <summary>The value as the message has it.</summary>
    public string Show(object? value)
    {
        string text = Conversion switch
        {
            'c' when Number(value) is ulong code => ((char)(code & 0xff)).ToString(),
            'o' when Number(value) is ulong number => Convert.ToString((long)number, 8),
            _ => Plain(value),
        };
        if (Precision >= 0 && Precision < text.Length) text = text[..Precision];
        int width = Math.Clamp(Width, -WidestWidth, WidestWidth);
        return width < 0 ? text.PadRight(-width) : text.PadLeft(width);
    }

    private string Plain(object? value)
    {
        try
        {
            return value switch
            {
                bool truth => truth ? "true" : "false",
                IFormattable number when Format is not null => number.ToString(Format, CultureInfo.InvariantCulture),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
        }
        catch (FormatException)
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
    }

    private static ulong? Number(object? value) => value switch
    {
        int number => (uint)number,
        uint number => number,
        long number => (ulong)number,
        ulong number => number,
        _ => null,
    };
}
