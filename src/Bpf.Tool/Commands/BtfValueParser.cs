using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>Turns text into the bytes of a C value, by its BTF type, in the byte order of this machine.</summary>
internal static class BtfValueParser
{
    private const int DeepestArray = 16;

    /// <summary>Parses a value.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="typeId">The type.</param>
    /// <param name="text">
    /// An integer (decimal, <c>0x…</c>, or a character in quotes), <c>true</c> or <c>false</c>, the name of an enumerator, a string
    /// for an array of characters, or comma-separated values for another array.
    /// </param>
    /// <param name="target">Gets the bytes.</param>
    /// <exception cref="FormatException">The text is no value of the type; the message reads on from the name of the variable.</exception>
    public static void Parse(BtfReader btf, BtfTypeId typeId, string text, Span<byte> target)
    {
        // The bytes are looked at once, so that no type can lead out of them.
        if (!btf.TryGetSize(typeId, out uint size) || size > (uint)target.Length)
            throw new FormatException($"its type takes {size} bytes, and there are {target.Length}.");
        Parse(btf, typeId, text, target, 0);
    }

    private static void Parse(BtfReader btf, BtfTypeId typeId, string text, Span<byte> target, int depth)
    {
        if (depth > DeepestArray)
            throw new FormatException($"it has more than {DeepestArray} dimensions.");
        BtfType type = btf.StripModifiers(typeId);
        switch (type.Kind)
        {
            case BtfKind.Int when (type.IntEncoding & BtfIntEncoding.Bool) != 0:
                ParseBool(text, target[..(int)type.Size]);
                break;
            case BtfKind.Int:
                ParseInteger(text, (type.IntEncoding & BtfIntEncoding.Signed) != 0, target[..(int)type.Size]);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when type.Size is > 0 and <= sizeof(ulong):
                ParseEnum(type, text, target[..(int)type.Size]);
                break;
            case BtfKind.Float when type.Size is sizeof(float) or sizeof(double):
                ParseFloat(text, target[..(int)type.Size]);
                break;
            case BtfKind.Array when IsCharacter(btf, type.Array.ElementTypeId):
                ParseString(text, target[..(int)type.Array.Count]);
                break;
            case BtfKind.Array:
                ParseArray(btf, type.Array, text, target, depth);
                break;
            default:
                throw new FormatException($"it is a {type.Kind}, which cannot be set.");
        }
    }

    /// <summary>Parses an integer of as many bytes as the target has.</summary>
    /// <exception cref="FormatException">The text is no integer, or too large.</exception>
    public static void ParseInteger(string text, bool isSigned, Span<byte> target)
    {
        if (!TryParseNumber(text, out BigInteger value))
            throw new FormatException($"'{text}' is no integer.");
        int bits = target.Length * 8;

        // As in C, -1 is the largest value of an unsigned type.
        BigInteger low = -(BigInteger.One << (bits - 1)), high = BigInteger.One << (isSigned ? bits - 1 : bits);
        if (value < low || value >= high)
            throw new FormatException($"{value} does not fit into {target.Length} bytes.");
        target.Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        byte[] bytes = value.ToByteArray();
        bytes.AsSpan(0, Math.Min(bytes.Length, target.Length)).CopyTo(target);
        if (!BitConverter.IsLittleEndian)
            target.Reverse();
    }

    private static bool TryParseNumber(string text, out BigInteger value)
    {
        value = default;
        if (text.Length == 3 && text[0] == '\'' && text[2] == '\'' && text[1] < 128)
        {
            value = text[1];
            return true;
        }

        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> digits = text.AsSpan(isNegative ? 1 : 0);
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);

        // A leading zero keeps the number from being taken for a negative one.
        bool isNumber = isHex
            ? BigInteger.TryParse(string.Concat("0", digits[2..]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && digits.Length > 2
            : BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (isNegative)
            value = -value;
        return isNumber;
    }

    private static void ParseBool(string text, Span<byte> target)
    {
        bool value = text switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new FormatException($"'{text}' is neither true nor false."),
        };
        target.Clear();
        target[BitConverter.IsLittleEndian ? 0 : ^1] = value ? (byte)1 : (byte)0;
    }

    private static void ParseEnum(BtfType type, string text, Span<byte> target)
    {
        foreach (BtfEnumerator enumerator in type.Enumerators)
        {
            if (enumerator.Name != text)
                continue;
            Span<byte> value = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(value, (ulong)enumerator.Value);
            value[..target.Length].CopyTo(target);
            if (!BitConverter.IsLittleEndian)
                target.Reverse();
            return;
        }

        if (!TryParseNumber(text, out _))
        {
            string known = string.Join(", ", type.Enumerators.Select(enumerator => enumerator.Name));
            throw new FormatException($"'{text}' is none of {known}.");
        }

        ParseInteger(text, type.KindFlag, target);
    }

    private static void ParseFloat(string text, Span<byte> target)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            throw new FormatException($"'{text}' is no number.");
        bool isWritten = target.Length == sizeof(float) ? BitConverter.TryWriteBytes(target, (float)value) : BitConverter.TryWriteBytes(target, value);
        if (!isWritten)
            throw new FormatException("it has an unknown size.");
    }

    private static void ParseString(string text, Span<byte> target)
    {
        int length = Encoding.UTF8.GetByteCount(text);

        // The terminator must fit as well.
        if (length >= target.Length)
            throw new FormatException($"'{text}' has {length} bytes, and there is room for {Math.Max(0, target.Length - 1)}.");
        target.Clear();
        Encoding.UTF8.GetBytes(text, target);
    }

    private static void ParseArray(BtfReader btf, BtfArray array, string text, Span<byte> target, int depth)
    {
        string[] values = text.Split(',', StringSplitOptions.TrimEntries);
        if ((uint)values.Length > array.Count)
            throw new FormatException($"{values.Length} values are too many for {array.Count} elements.");
        int size = (int)btf.SizeOf(array.ElementTypeId);
        target[..checked((int)(size * array.Count))].Clear();
        for (int i = 0; i < values.Length; i++)
            Parse(btf, array.ElementTypeId, values[i], target[(i * size)..], depth + 1);
    }

    private static bool IsCharacter(BtfReader btf, BtfTypeId id)
    {
        BtfType type = btf.StripModifiers(id);

        // clang calls char "char", and marks it as signed, not as a character.
        return type is { Kind: BtfKind.Int, Size: 1 } && ((type.IntEncoding & BtfIntEncoding.Char) != 0 || type.NameUtf8.SequenceEqual("char"u8));
    }
}
