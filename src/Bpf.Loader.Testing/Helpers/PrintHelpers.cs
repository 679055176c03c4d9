using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Text for people.</summary>
internal static class PrintHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_trace_printk"] = static call => Print(call, FormatOf(call.Read(1, (int)call[2])), [call[3], call[4], call[5]]);
        helpers["bpf_trace_vprintk"] = static call => Print(call, FormatOf(call.Read(1, (int)call[2])), Arguments(call, 3, call[4]));
        helpers["bpf_snprintf"] = static call =>
        {
            string? text = KernelFormat.Format(call, call.ReadText(3), Arguments(call, 4, call[5]));
            if (text is null) return unchecked((ulong)Error.Invalid);
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            Span<byte> target = call.Write(1, (int)call[2]);
            if (!target.IsEmpty)
            {
                int length = Math.Min(bytes.Length, target.Length - 1);
                bytes.AsSpan(0, length).CopyTo(target);
                target[length] = 0;
            }

            // The length with its NUL, whether it fits or not.
            return (ulong)bytes.Length + 1;
        };
    }

    /// <summary>The arguments of a call that has them in an array.</summary>
    public static ReadOnlySpan<ulong> Arguments(BpfCall call, int argument, ulong bytes)
    {
        if (bytes % 8 != 0 || bytes > 12 * 8) throw call.Refuse($"{bytes} bytes of arguments are no arguments for a format");
        return MemoryMarshal.Cast<byte, ulong>(call.Read(argument, (int)bytes));
    }

    /// <summary>A format; null when it does not end in its size, which the kernel refuses (<c>bpf_bprintf_prepare</c>).</summary>
    public static string? FormatOf(ReadOnlySpan<byte> bytes) => bytes.Contains((byte)0) ? TextOf(bytes) : null;

    public static string TextOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static ulong Print(BpfCall call, string? format, ReadOnlySpan<ulong> arguments)
    {
        string? text = format is null ? null : KernelFormat.Format(call, format, arguments);
        if (text is null) return unchecked((ulong)Error.Invalid);
        call.Machine.Print(text.TrimEnd('\n'));
        return (ulong)text.Length;
    }
}
