using System;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bpf.Loader.Btf;

/// <summary>
/// Reads what <see cref="BtfJsonSink"/> writes into the bytes of a value, in the byte order of this machine, which must be that of the
/// BTF. Members that are not mentioned, and <c>null</c>, stay as they are.
/// </summary>
/// <param name="btf">The types.</param>
/// <param name="refusesUnknown">Whether a name that no member has is an error; otherwise it is passed over.</param>
internal ref partial struct BtfJsonReader(BtfReader btf, bool refusesUnknown)
{
    private const int MaximumDepth = 32;
    private const int LargestNumber = 16; // bytes

    // Types that were made up may double with each of their levels: they are not looked through for ever.
    private int _budget = 1 << 26;

    /// <summary>Reads a value.</summary>
    /// <param name="json">At the value's first token; afterwards at its last.</param>
    /// <param name="id">The type.</param>
    /// <param name="target">The bytes.</param>
    /// <exception cref="JsonException">It is no value of the type.</exception>
    public void Value(ref Utf8JsonReader json, BtfTypeId id, scoped Span<byte> target) => Value(ref json, id, target, BtfNetworkType.None, "the value", MaximumDepth);

    private void Value(ref Utf8JsonReader json, BtfTypeId id, scoped Span<byte> target, BtfNetworkType network, string what, int depth)
    {
        if (json.TokenType == JsonTokenType.Null) return;
        if (network == BtfNetworkType.None) network = btf.GetNetworkType(id);
        BtfType type = btf.StripModifiers(id);
        if (depth == 0 || !btf.TryGetSize(type.Id, out uint size) || size > (uint)target.Length) throw new JsonException($"{what}: its type is nested too deeply, or is no whole one.");
        // An array of unknown length takes what is left.
        if (type.Kind != BtfKind.Array || type.Array.Count != 0) target = target[..(int)size];
        if (network != BtfNetworkType.None && BtfNetworkTags.Fits(network, size) && Network(ref json, type, target, network, what)) return;
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                Expect(in json, JsonTokenType.StartObject, what, "an object");
                Object(ref json, type, target, depth);
                break;
            case BtfKind.Array:
                Array(ref json, type.Array, target, network, what, depth);
                break;
            case BtfKind.Int when (type.IntEncoding & BtfIntEncoding.Bool) != 0 && size <= LargestNumber:
                if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False)) throw Wrong(in json, what, "true or false");
                Write(target, 0, (int)size * 8, json.GetBoolean() ? UInt128.One : UInt128.Zero);
                break;
            case BtfKind.Int when size <= LargestNumber && type.IntBits != size * 8 && type.IntBits + type.IntBitOffset <= size * 8:
                Write(target, (uint)type.IntBitOffset, type.IntBits, Number(in json, type, type.IntBits, what));
                break;
            case BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Pointer when size <= LargestNumber:
                Write(target, 0, (int)size * 8, Number(in json, type, (int)size * 8, what));
                break;
            case BtfKind.Float:
                Float(ref json, target, what);
                break;
            default:
                throw new JsonException($"{what} has a type that has no values.");
        }
    }

    private void Array(ref Utf8JsonReader json, BtfArray array, scoped Span<byte> target, BtfNetworkType network, string what, int depth)
    {
        BtfType element = btf.StripModifiers(array.ElementTypeId);
        if (BtfValueWalker<BtfJsonSink>.IsCharacter(element) && element.Size == 1)
        {
            Text(ref json, target, what, isEnded: array.Count != 0);
            return;
        }

        Expect(in json, JsonTokenType.StartArray, what, "an array");
        int size = (int)btf.SizeOf(array.ElementTypeId);
        uint count = array.Count != 0 || size == 0 ? array.Count : (uint)(target.Length / size);
        for (uint i = 0; Next(ref json, what) != JsonTokenType.EndArray; i++)
        {
            if (i >= count) throw new JsonException($"{what} has more than {count} elements.");
            Value(ref json, array.ElementTypeId, target.Slice((int)i * size, size), network, what, depth - 1);
        }
    }

    /// <summary>Reads a text. The bytes behind its NUL are left: in a union they are another member's.</summary>
    internal static void Text(ref Utf8JsonReader json, scoped Span<byte> target, string what, bool isEnded = true)
    {
        Expect(in json, JsonTokenType.String, what, "a text");
        string text = json.GetString()!;
        Utf8.FromUtf16(text, target, out int read, out int written);
        // Bytes that are no UTF-8 were shown as U+FFFD, which is longer than they were: then it is cut, between characters.
        if (read < text.Length && !text.Contains('\ufffd', StringComparison.Ordinal))
            throw new JsonException($"{what} has room for {target.Length} bytes, and the text has {Encoding.UTF8.GetByteCount(text)}.");
        if (isEnded && written < target.Length) target[written] = 0;
    }

    private static bool Network(ref Utf8JsonReader json, BtfType type, scoped Span<byte> target, BtfNetworkType network, string what)
    {
        if (network == BtfNetworkType.Number)
        {
            if (type.Kind != BtfKind.Int) return false;
            ulong number = 0;
            int width = target.Length * 8;
            if (json.TokenType != JsonTokenType.Number || !json.TryGetUInt64(out number) || (width < 64 && number >> width != 0)) throw Wrong(in json, what, $"a number of {width} bits without a sign");
            for (int i = target.Length - 1; i >= 0; i--, number >>= 8) target[i] = (byte)number;
            return true;
        }

        if (type.Kind is BtfKind.Pointer or BtfKind.Float) return false;
        if (json.TokenType != JsonTokenType.String || !IPAddress.TryParse(json.GetString(), out IPAddress? address) || !address.TryWriteBytes(target, out int written) || written != target.Length)
            throw Wrong(in json, what, target.Length == 4 ? "an IPv4 address" : "an IPv6 address");
        return true;
    }

    private static UInt128 Number(ref readonly Utf8JsonReader json, BtfType type, int width, string what)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            string text = json.GetString()!;
            if (type.IsEnum)
            {
                foreach (BtfEnumerator entry in type.Enumerators)
                {
                    if (entry.Name == text) return (UInt128)(Int128)entry.Value;
                }

                throw new JsonException($"{what}: {type} has no '{text}'.");
            }

            if (text.StartsWith("0x", StringComparison.Ordinal) && UInt128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 wide) && (width == 128 || wide >> width == 0))
                return wide;
        }
        else if (json.TokenType == JsonTokenType.Number)
        {
            if (json.TryGetInt64(out long signed))
            {
                if (Fits(signed, type, width)) return (UInt128)(Int128)signed;
            }
            else if (json.TryGetUInt64(out ulong unsigned) && width >= 64 && (type.IntEncoding & BtfIntEncoding.Signed) == 0)
            {
                return unsigned;
            }
        }

        throw Wrong(in json, what, $"a number of {width} bits");
    }

    // Whether an enum or a char has a sign, types do not say for sure: these may be either.
    private static bool Fits(long value, BtfType type, int width)
    {
        bool isSigned = (type.IntEncoding & BtfIntEncoding.Signed) != 0, isEither = type.IsEnum || BtfValueWalker<BtfJsonSink>.IsCharacter(type);
        if (value < 0) return (isSigned || isEither) && ~value >> Math.Min(width - 1, 63) == 0;
        return width >= 64 || value >> (isSigned && !isEither ? width - 1 : width) == 0;
    }

    private static void Float(ref Utf8JsonReader json, scoped Span<byte> target, string what)
    {
        if (target.Length is not (2 or 4 or 8))
        {
            Expect(in json, JsonTokenType.StartArray, what, "an array");
            for (int i = 0; Next(ref json, what) != JsonTokenType.EndArray; i++)
            {
                if (i >= target.Length || json.TokenType != JsonTokenType.Number || !json.TryGetByte(out target[i])) throw Wrong(in json, what, $"{target.Length} bytes");
            }

            return;
        }

        double value = 0;
        bool isRead = json.TokenType == JsonTokenType.Number ? json.TryGetDouble(out value)
            : json.TokenType == JsonTokenType.String && double.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        if (!isRead) throw Wrong(in json, what, "a number");
        // Each is read as what it is: a double on the way to a float rounds twice.
        float single = target.Length == 4 && json.TokenType == JsonTokenType.Number && json.TryGetSingle(out float read) ? read : (float)value;
        if (target.Length == 8) BitConverter.TryWriteBytes(target, value);
        else if (target.Length == 4) BitConverter.TryWriteBytes(target, single);
        else BitConverter.TryWriteBytes(target, (Half)value);
    }

    /// <summary>Writes up to 128 bits, counted as <see cref="BtfValueWalker{TSink}"/> does.</summary>
    private void Write(scoped Span<byte> target, uint offset, int width, UInt128 value)
    {
        if (offset % 8 == 0 && width % 8 == 0)
        {
            target = target.Slice((int)(offset / 8), width / 8);
            for (int i = 0; i < target.Length; i++) target[btf.IsBigEndian ? target.Length - 1 - i : i] = (byte)(value >> (i * 8));
            return;
        }

        for (int i = 0; i < width; i++)
        {
            uint at = offset + (uint)(btf.IsBigEndian ? width - 1 - i : i);
            int shift = (int)(btf.IsBigEndian ? 7 - (at % 8) : at % 8);
            target[(int)(at / 8)] = (byte)((target[(int)(at / 8)] & ~(1 << shift)) | ((int)((value >> i) & 1) << shift));
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader json, string what) => json.Read() ? json.TokenType : throw new JsonException($"{what} is not whole.");

    private static void Expect(ref readonly Utf8JsonReader json, JsonTokenType token, string what, string wanted)
    {
        if (json.TokenType != token) throw Wrong(in json, what, wanted);
    }

    private static JsonException Wrong(ref readonly Utf8JsonReader json, string what, string wanted)
    {
        string found = json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            _ => Encoding.UTF8.GetString(json.ValueSpan),
        };
        return new JsonException($"{what} is to be {wanted}, and is {BpfText.Printable(found)}.");
    }
}
