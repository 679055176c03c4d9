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

            string flags = Take(format, ref i, "0-+ #");
            string width = Take(format, ref i, "0123456789");
            bool isLong = Take(format, ref i, "l").Length > 0;
            if (i >= format.Length || next >= arguments.Length) return null;
            ulong value = arguments[next++];
            string? part = format[i] switch
            {
                'd' or 'i' => (isLong ? (long)value : (int)value).ToString(CultureInfo.InvariantCulture),
                'u' => (isLong ? value : (uint)value).ToString(CultureInfo.InvariantCulture),
                'x' => Prefix(flags) + (isLong ? value : (uint)value).ToString("x", CultureInfo.InvariantCulture),
                'X' => Prefix(flags) + (isLong ? value : (uint)value).ToString("X", CultureInfo.InvariantCulture),
                'c' => ((char)(byte)value).ToString(),
                's' => ReadText(call, value),
                'p' => FormatPointer(call, format, ref i, value),
                _ => null,
            };
            if (part is null) return null;
            int columns = width.Length == 0 ? 0 : int.TryParse(width, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, MaximumWidth) : MaximumWidth;
            text.Append(flags.Contains('-', StringComparison.Ordinal) ? part.PadRight(columns) : part.PadLeft(columns, flags.Contains('0', StringComparison.Ordinal) ? '0' : ' '));
        }

        return text.ToString();
    }

    private static string Prefix(string flags) => flags.Contains('#', StringComparison.Ordinal) ? "0x" : "";

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
