using System;
using System.Globalization;
using System.Net;
using System.Text;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Formats as <c>bpf_bprintf_prepare</c> and <c>bstr_printf</c> of the kernel do.</summary>
internal static class KernelFormat
{
    // Longer texts fit into nothing that a program can write to.
    private const int MaximumWidth = 1 << 16;

    /// <summary>Formats.</summary>
    /// <param name="call">The call, for the texts that arguments point to.</param>
    /// <param name="format">The format.</param>
    /// <param name="arguments">The arguments, 8 bytes each.</param>
    /// <returns>The text; null when the kernel refuses the format.</returns>
    public static string? Format(BpfCall call, string format, ReadOnlySpan<ulong> arguments)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            // What is neither printable nor blank is refused wherever it stands; older kernels refuse what is not ASCII as well.
            if (format[i] is '\x7f' or (< ' ' and not (>= '\t' and <= '\r'))) return null;
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            if (++i >= format.Length) return null;
            if (format[i] == '%')
            {
                text.Append('%');
                continue;
            }

            string flags = Take(format, ref i, "0+- ");
            string width = Take(format, ref i, "0123456789");
            int longs = Take(format, ref i, "l").Length;
            if (i >= format.Length || next >= arguments.Length || longs > 2) return null;
            // Texts, characters and pointers have no lengths.
            if (longs > 0 && format[i] is ('s' or 'c' or 'p')) return null;
            ulong value = arguments[next++];
            bool isLong = longs > 0;
            string? part = format[i] switch
            {
                'd' or 'i' => FormatSigned(isLong ? (long)value : (int)value, flags, ColumnsOf(width)),
                'u' => PadNumber("", (isLong ? value : (uint)value).ToString(CultureInfo.InvariantCulture), flags, ColumnsOf(width)),
                'x' => PadNumber("", (isLong ? value : (uint)value).ToString("x", CultureInfo.InvariantCulture), flags, ColumnsOf(width)),
                'X' => PadNumber("", (isLong ? value : (uint)value).ToString("X", CultureInfo.InvariantCulture), flags, ColumnsOf(width)),
                'c' => Pad(((char)(byte)value).ToString(), flags, ColumnsOf(width)),
                's' => Pad(ReadText(call, value), flags, ColumnsOf(width)),
                'p' => FormatPointer(call, format, ref i, value) is { } pointer ? Pad(pointer, flags, ColumnsOf(width)) : null,
                _ => null,
            };
            if (part is null) return null;
            text.Append(part);
        }

        return text.ToString();
    }

    private static int ColumnsOf(string width) =>
        width.Length == 0 ? 0 : int.TryParse(width, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, MaximumWidth) : MaximumWidth;

    private static string FormatSigned(long value, string flags, int columns)
    {
        string sign = value < 0 ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
        return PadNumber(sign, value.ToString(CultureInfo.InvariantCulture).TrimStart('-'), flags, columns);
    }

    // Zeros stand between the sign and the digits, and only on the left.
    private static string PadNumber(string sign, string digits, string flags, int columns) =>
        flags.Contains('0', StringComparison.Ordinal) && !flags.Contains('-', StringComparison.Ordinal)
            ? sign + digits.PadLeft(Math.Max(columns - sign.Length, 0), '0')
            : Pad(sign + digits, flags, columns);

    private static string Pad(string text, string flags, int columns) => flags.Contains('-', StringComparison.Ordinal) ? text.PadRight(columns) : text.PadLeft(columns);

    private static string Take(string format, ref int i, string set)
    {
        int start = i;
        while (i < format.Length && set.Contains(format[i], StringComparison.Ordinal)) i++;
        return format[start..i];
    }

    private static string? FormatPointer(BpfCall call, string format, ref int i, ulong value)
    {
        ReadOnlySpan<char> rest = format.AsSpan(i + 1);
        if (rest.StartsWith("ks") || rest.StartsWith("us"))
        {
            i += 2;
            return ReadText(call, value);
        }

        if (rest.StartsWith("i4", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("i6", StringComparison.OrdinalIgnoreCase))
        {
            byte[] address = new byte[rest[1] == '4' ? 4 : 16];
            bool isPlain = rest[0] == 'I' || rest[1] == '4';
            i += rest.Length > 2 && rest[2] == 'c' ? 3 : 2;
            if (!call.Executor.TryPeek(value, address)) return "(efault)";
            return isPlain ? new IPAddress(address).ToString() : Convert.ToHexStringLower(address);
        }

        if (!rest.IsEmpty && "xKsSB".Contains(rest[0], StringComparison.Ordinal)) i++;
        return value.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string ReadText(BpfCall call, ulong address)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        for (int length = 0; length < 512; length++)
        {
            if (!call.Executor.TryPeek(address + (ulong)length, one)) return length == 0 ? "" : text.ToString();
            if (one[0] == 0) break;
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
