using System;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Maps;

/// <summary>Turns JSON into the bytes of a C value, by its BTF type: the other way round of <see cref="BtfValueFormatter.WriteJson"/>.</summary>
internal static class BtfJsonParser
{
    /// <summary>Parses a value. Members that are not mentioned are zero.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="typeId">The type.</param>
    /// <param name="json">The value.</param>
    /// <param name="target">Gets the bytes; zero before.</param>
    /// <exception cref="FormatException">The JSON is no value of the type.</exception>
    public static void Parse(BtfReader btf, BtfTypeId typeId, JsonElement json, Span<byte> target)
    {
        BtfType type = btf.StripModifiers(typeId);
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when type.IsComposite:
                foreach (JsonProperty property in json.EnumerateObject())
                    ParseMember(btf, type, property, target);
                break;
            case JsonValueKind.Array when type.Kind == BtfKind.Array:
                ParseElements(btf, type.Array, json, target);
                break;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when type.Kind == BtfKind.Pointer:
                BtfValueParser.ParseInteger(Text(json), isSigned: false, ValuePlace.First(target, sizeof(ulong)));
                break;
            case JsonValueKind.String when type is { Kind: BtfKind.Int, Size: > sizeof(ulong) }:
                BtfValueParser.ParseInteger(Text(json), isSigned: false, ValuePlace.First(target, type.Size));
                break;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when !type.IsComposite:
                BtfValueParser.Parse(btf, typeId, Text(json), target);
                break;
            default:
                throw new FormatException($"{json.GetRawText()} is no {type.Kind}.");
        }
    }

    private static string Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();

    private static void ParseElements(BtfReader btf, BtfArray array, JsonElement json, Span<byte> target)
    {
        ulong size = btf.SizeOf(array.ElementTypeId), index = 0;
        if ((uint)json.GetArrayLength() > array.Count)
            throw new FormatException($"{json.GetArrayLength()} values are too many for {array.Count} elements.");
        foreach (JsonElement element in json.EnumerateArray())
            Parse(btf, array.ElementTypeId, element, ValuePlace.Slice(target, size * index++, size));
    }

    private static void ParseMember(BtfReader btf, BtfType type, JsonProperty property, Span<byte> target)
    {
        byte[] name = Encoding.UTF8.GetBytes(property.Name);
        if (!MemberSearch.TryFind(btf, type, name, out BtfMember member, out ulong bit))
            throw new FormatException($"there is no member '{property.Name}'.");
        if (member.BitFieldSize == 0)
            Parse(btf, member.TypeId, property.Value, ValuePlace.From(target, bit / 8));
        else
            ParseBits(property.Value, target, bit, member.BitFieldSize);
    }

    private static void ParseBits(JsonElement json, Span<byte> target, ulong bit, int size)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BtfValueParser.ParseInteger(Text(json), isSigned: false, number);
        ulong value = BitConverter.ToUInt64(number);
        bool isNegative = (long)value < 0;
        if (size < 64 && (isNegative ? ~value : value) >> size != 0)
            throw new FormatException($"{json.GetRawText()} does not fit into {size} bits.");
        _ = ValuePlace.First(target, (bit + (ulong)size + 7) / 8);
        for (int i = 0; i < size; i++)
        {
            // The first bit is the lowest on little-endian machines and the highest on others.
            int at = (int)bit + i;
            int shift = BitConverter.IsLittleEndian ? at % 8 : 7 - (at % 8);
            int source = BitConverter.IsLittleEndian ? i : size - 1 - i;
            target[at / 8] = (byte)((target[at / 8] & ~(1 << shift)) | ((int)((value >> source) & 1) << shift));
        }
    }
}
