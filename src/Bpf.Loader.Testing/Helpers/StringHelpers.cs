using System;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Texts and numbers in them.</summary>
internal static class StringHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_strncmp"] = static call =>
        {
            int length = (int)call[2];
            ReadOnlySpan<byte> left = call.Read(1, length);
            string right = call.ReadText(3);
            for (int i = 0; i < length; i++)
            {
                int difference = left[i] - (i < right.Length ? right[i] : 0);
                if (difference != 0) return unchecked((ulong)(difference < 0 ? -1L : 1L));
                if (left[i] == 0) break;
            }

            return 0;
        };
        helpers["bpf_strtol"] = static call => (ulong)Parse(call, isSigned: true);
        helpers["bpf_strtoul"] = static call => (ulong)Parse(call, isSigned: false);
    }

    // __bpf_strtoull of kernel/bpf/helpers.c.
    private static long Parse(BpfCall call, bool isSigned)
    {
        ReadOnlySpan<byte> text = call.Read(1, (int)call[2]);
        ulong numberBase = call[3];
        call.Write(4, 8).Clear();
        if (numberBase is not (0 or 8 or 10 or 16)) return Error.Invalid;
        int at = 0;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\v' or (byte)'\f' or (byte)'\r') at++;
        bool isNegative = at < text.Length && text[at] == '-';
        if (isNegative) at++;
        // _parse_integer_fixup_radix of lib/kstrtox.c: without a base, 0x is one only where a digit follows.
        bool hasPrefix = at + 1 < text.Length && text[at] == '0' && (text[at + 1] | 0x20) == 'x';
        if (numberBase == 0)
        {
            numberBase = hasPrefix && at + 2 < text.Length && DigitOf(text[at + 2]) < 16 ? 16u : at < text.Length && text[at] == '0' ? 8u : 10u;
        }

        if (numberBase == 16 && hasPrefix) at += 2;

        UInt128 value = 0;
        int first = at;
        for (; at < text.Length && DigitOf(text[at]) < numberBase; at++)
        {
            value = (value * numberBase) + DigitOf(text[at]);
            if (value > ulong.MaxValue) return Error.OutOfRange;
        }

        if (at == first) return Error.Invalid;
        if (isSigned && value > (isNegative ? (UInt128)1 << 63 : (UInt128)long.MaxValue)) return Error.OutOfRange;
        if (!isSigned && isNegative) return Error.Invalid;
        call.Write(4, isNegative ? unchecked(0 - (ulong)value) : (ulong)value);
        return at;
    }

    private static ulong DigitOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => (ulong)digit - '0',
        >= (byte)'a' and <= (byte)'f' => (ulong)digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => (ulong)digit - 'A' + 10,
        _ => ulong.MaxValue,
    };
}
