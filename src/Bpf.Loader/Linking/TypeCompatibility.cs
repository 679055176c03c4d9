using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>
/// Compares what two objects say of a type: names, offsets and sizes must agree; signs, values of enums, lengths of arrays and names
/// of parameters need not. Behind a pointer only the kind and name of a struct count, and a declaration stands for its definition.
/// </summary>
internal sealed class TypeCompatibility(BtfReader ours, BtfReader theirs, Action<long> charge)
{
    // Two loops of different lengths make as many pairs as the product of both.
    private const int PairCost = 64;

    // What is being compared, or was found equal: types of C refer to themselves, and may be met many times.
    private readonly HashSet<(int Ours, int Theirs, bool IsExact)> _seen = [];
    private readonly Stack<(BtfTypeId Ours, BtfTypeId Theirs, bool IsExact)> _pending = new();

    /// <summary>The first difference; null when there is none.</summary>
    public string? Compare(BtfTypeId one, BtfTypeId other)
    {
        _pending.Push((one, other, true));
        while (_pending.TryPop(out (BtfTypeId Ours, BtfTypeId Theirs, bool IsExact) pair))
        {
            BtfType left = ours.StripModifiers(pair.Ours), right = theirs.StripModifiers(pair.Theirs);
            if (!_seen.Add((left.Id.Value, right.Id.Value, pair.IsExact))) continue;
            charge(PairCost);
            if (Compare(left, right, pair.IsExact) is string difference) return difference;
        }

        return null;
    }

    private string? Compare(BtfType left, BtfType right, bool isExact)
    {
        if (!isExact && (left.Kind == BtfKind.Forward) != (right.Kind == BtfKind.Forward))
        {
            (BtfType declaration, BtfType definition) = left.Kind == BtfKind.Forward ? (left, right) : (right, left);
            if (!left.NameUtf8.SequenceEqual(right.NameUtf8)) return Differ(left, right);
            return definition.Kind == (declaration.KindFlag ? BtfKind.Union : BtfKind.Struct) ? null : Differ(left, right);
        }

        if (left.Kind != right.Kind) return Differ(left, right);
        if (IsNamed(left.Kind) && !left.NameUtf8.SequenceEqual(right.NameUtf8)) return Differ(left, right);
        switch (left.Kind)
        {
            case BtfKind.Void or BtfKind.Forward:
                return null;
            case BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64:
                return left.Size == right.Size ? null : $"{Text(left)} has {left.Size} bytes there, and {right.Size} here";
            case BtfKind.Pointer:
                _pending.Push((left.TypeId, right.TypeId, false));
                return null;
            case BtfKind.Array:
                _pending.Push((left.Array.ElementTypeId, right.Array.ElementTypeId, isExact));
                return null;
            case BtfKind.Function or BtfKind.Variable:
                if ((left.Linkage == BtfLinkage.Static) != (right.Linkage == BtfLinkage.Static)) return "one of the two is static";
                _pending.Push((left.TypeId, right.TypeId, isExact));
                return null;
            case BtfKind.Struct or BtfKind.Union:
                return isExact ? CompareMembers(left, right) : null;
            case BtfKind.FunctionPrototype:
                return CompareParameters(left, right, isExact);
            default:
                return $"{Text(left)} cannot be compared";
        }
    }

    private string? CompareMembers(BtfType left, BtfType right)
    {
        if (left.Members.Count != right.Members.Count) return $"{Text(left)} has {left.Members.Count} members there, and {right.Members.Count} here";
        for (int i = 0; i < left.Members.Count; i++)
        {
            BtfMember one = left.Members[i], other = right.Members[i];
            if (!one.NameUtf8.SequenceEqual(other.NameUtf8)) return $"member {i} of {Text(left)} is '{one.Name}' there, and '{other.Name}' here";
            if (one.BitOffset != other.BitOffset || one.BitFieldSize != other.BitFieldSize)
                return $"'{one.Name}' of {Text(left)} is at bit {one.BitOffset} there, and at bit {other.BitOffset} here";
            _pending.Push((one.TypeId, other.TypeId, true));
        }

        return null;
    }

    private string? CompareParameters(BtfType left, BtfType right, bool isExact)
    {
        if (left.Parameters.Count != right.Parameters.Count) return $"it has {left.Parameters.Count} parameters there, and {right.Parameters.Count} here";
        for (int i = 0; i < left.Parameters.Count; i++) _pending.Push((left.Parameters[i].TypeId, right.Parameters[i].TypeId, isExact));
        _pending.Push((left.TypeId, right.TypeId, isExact));
        return null;
    }

    private static bool IsNamed(BtfKind kind) => kind is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64
        or BtfKind.Forward or BtfKind.Function or BtfKind.Variable;

    private static string Differ(BtfType left, BtfType right) => $"it is {Text(left)} there, and {Text(right)} here";

    private static string Text(BtfType type)
    {
        string kind = type.Kind switch
        {
            BtfKind.Forward => type.KindFlag ? "a declaration of the union" : "a declaration of the struct",
            BtfKind.FunctionPrototype => "a function type",
            BtfKind.Enum64 => "a 64-bit enum",
            BtfKind.Void => "void",
            BtfKind.Int => "the integer",
            _ => $"the {type.Kind.ToString().ToLowerInvariant()}",
        };
        return type.NameUtf8.IsEmpty ? kind : $"{kind} '{Encoding.UTF8.GetString(type.NameUtf8[..Math.Min(64, type.NameUtf8.Length)])}'";
    }
}
