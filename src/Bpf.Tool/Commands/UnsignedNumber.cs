using System;
using System.Globalization;
using System.Numerics;

namespace Bpf.Tool.Commands;

/// <summary>Numbers without a sign in command lines, as bpftool's users write them.</summary>
internal static class UnsignedNumber
{
    /// <summary>Parses a number, decimal or with <c>0x</c>.</summary>
    /// <param name="text">The number.</param>
    /// <param name="number">Its value.</param>
    /// <param name="isHex">Whether it is hexadecimal also without <c>0x</c>.</param>
    public static bool TryParse<T>(string text, out T number, bool isHex = false)
        where T : struct, IUnsignedNumber<T>
    {
        bool hasPrefix = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = isHex || hasPrefix ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return T.TryParse(hasPrefix ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out number);
    }
}
