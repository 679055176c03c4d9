using System;
using System.Text.Json;

namespace Bpf.Loader.Btf;

internal ref partial struct BtfJsonReader
{
    private enum Turn
    {
        Only,
        Inexact,
        Exact,
    }

    /// <summary>
    /// Reads the members of a struct or union. The members of a union share their bytes, and JSON has them all: those that may have lost
    /// something on the way (text behind its end, NaNs) are read first, so that numbers have the last word.
    /// </summary>
    private void Object(ref Utf8JsonReader json, BtfType type, scoped Span<byte> target, int depth)
    {
        if (!HasUnion(type, depth))
        {
            Object(ref json, type, target, depth, Turn.Only);
            return;
        }

        Utf8JsonReader again = json;
        Object(ref again, type, target, depth, Turn.Inexact);
        Object(ref json, type, target, depth, Turn.Exact);
    }

    private void Object(ref Utf8JsonReader json, BtfType type, scoped Span<byte> target, int depth, Turn turn)
    {
        while (Next(ref json, "an object") == JsonTokenType.PropertyName)
        {
            if (!TryFind(in json, type, 0, depth, out BtfMember member, out uint bit, out BtfNetworkType network))
            {
                if (refusesUnknown) throw new JsonException($"There is no member '{BpfText.Printable(json.GetString()!)}'.");
                Skip(ref json);
                continue;
            }

            if (turn != Turn.Only && IsExact(member.TypeId, depth) != (turn == Turn.Exact))
            {
                Skip(ref json);
                continue;
            }

            Next(ref json, member.Name);
            // In types that were made up a member may lie anywhere.
            if (member.BitFieldSize > LargestNumber * 8 || (bit + (ulong)member.BitFieldSize + 7) / 8 > (ulong)target.Length) throw new JsonException($"{member.Name} does not lie in its struct.");
            if (member.BitFieldSize == 0)
            {
                Value(ref json, member.TypeId, target[(int)(bit / 8)..], network, member.Name, depth - 1);
            }
            else if (json.TokenType != JsonTokenType.Null)
            {
                BtfType number = btf.StripModifiers(member.TypeId);
                bool isBoolean = (number.IntEncoding & BtfIntEncoding.Bool) != 0 && json.TokenType is JsonTokenType.True or JsonTokenType.False;
                Write(target, bit, member.BitFieldSize, isBoolean ? (json.GetBoolean() ? UInt128.One : UInt128.Zero) : Number(in json, number, member.BitFieldSize, member.Name));
            }
        }
    }

    private bool TryFind(ref readonly Utf8JsonReader json, BtfType type, uint start, int depth, out BtfMember found, out uint bit, out BtfNetworkType network)
    {
        BtfMemberCollection members = type.Members;
        for (int i = 0; i < members.Count && depth > 0; i++)
        {
            Spend();
            found = members[i];
            bit = start + found.BitOffset;
            network = btf.NetworkTags.OfMember(type.Id, i);
            if (!found.IsAnonymous)
            {
                if (json.ValueTextEquals(found.NameUtf8)) return true;
            }
            else if (btf.StripModifiers(found.TypeId) is { IsComposite: true } inner && TryFind(in json, inner, bit, depth - 1, out found, out bit, out network))
            {
                return true;
            }
        }

        found = default;
        bit = 0;
        network = BtfNetworkType.None;
        return false;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        if (!json.TrySkip()) throw new JsonException("The value is not whole.");
    }

    /// <summary>True when members of an object share bytes: it is a union, or has one without a name.</summary>
    private bool HasUnion(BtfType type, int depth)
    {
        if (type.Kind == BtfKind.Union) return true;
        foreach (BtfMember member in type.Members)
        {
            Spend();
            if (depth > 0 && member.IsAnonymous && btf.StripModifiers(member.TypeId) is { IsComposite: true } inner && HasUnion(inner, depth - 1)) return true;
        }

        return false;
    }

    /// <summary>True when JSON has all bits of the values of a type.</summary>
    private bool IsExact(BtfTypeId id, int depth)
    {
        Spend();
        BtfType type = btf.StripModifiers(id);
        switch (type.Kind)
        {
            case BtfKind.Array:
                BtfType element = btf.StripModifiers(type.Array.ElementTypeId);
                return !BtfValueWalker<BtfJsonSink>.IsCharacter(element) && depth > 0 && IsExact(element.Id, depth - 1);
            case BtfKind.Struct or BtfKind.Union:
                foreach (BtfMember member in type.Members)
                {
                    if (depth == 0 || !IsExact(member.TypeId, depth - 1)) return false;
                }

                return true;
            default:
                return type.Kind != BtfKind.Float && (type.IntEncoding & BtfIntEncoding.Bool) == 0;
        }
    }

    private void Spend()
    {
        if (--_budget < 0) throw new JsonException("The type has too many parts to be looked through.");
    }
}
