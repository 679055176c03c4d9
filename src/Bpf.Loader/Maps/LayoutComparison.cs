using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Maps;

/// <summary>Compares a C# structure with a C structure, field by field.</summary>
internal sealed class LayoutComparison
{
    private const int DepthLimit = 32;

    private readonly BtfReader _btf;
    private readonly List<Member> _members = [];

    private LayoutComparison(BtfReader btf) => _btf = btf;

    /// <summary>Every difference, each as a sentence that names the C field and the C# field.</summary>
    public static IReadOnlyList<string> Differences(BtfReader btf, BtfTypeId type, BpfStructLayout layout)
    {
        BtfType actual = btf.StripModifiers(type);
        long size = btf.SizeOf(type);
        var differences = new List<string>();
        if (size != layout.Size)
            differences.Add($"the C type has {size} bytes, {layout.Name} has {layout.Size}");
        if (!actual.IsComposite)
            return differences;

        var comparison = new LayoutComparison(btf);
        comparison.Collect(actual, 0, inUnion: false, DepthLimit);
        foreach (BpfStructField field in layout.Fields)
        {
            if (comparison.Explain(layout, field) is string difference)
                differences.Add(difference);
        }

        // Every member has to be known; of the members of a union, one of them.
        foreach (Member member in comparison._members)
        {
            if (!member.InUnion && !layout.Fields.Any(field => field.Offset < member.Offset + member.Size && member.Offset < field.Offset + field.Size))
                differences.Add($"the C field '{member.Name}' ({member.Place}) is no field of {layout.Name}");
        }

        return differences;
    }

    /// <summary>The differences that are mistakes whatever the names mean: a field that bears a name of C and lies elsewhere, or is of another size; one across two fields of C.</summary>
    public static IReadOnlyList<string> Contradictions(BtfReader btf, BtfTypeId type, string name, IReadOnlyList<BpfStructField> fields)
    {
        BtfType actual = btf.StripModifiers(type);
        if (!actual.IsComposite) return [];
        var comparison = new LayoutComparison(btf);
        comparison.Collect(actual, 0, inUnion: false, DepthLimit);
        return [.. fields.Select(field => comparison.Contradiction(name, field)).OfType<string>()];
    }

    // Names are written in two ways: start_ns in C is StartNs in C#.
    private static bool IsSameName(string one, string other) =>
        string.Equals(one.Replace("_", "", StringComparison.Ordinal), other.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private string? Contradiction(string name, BpfStructField field)
    {
        foreach (Member member in _members)
        {
            if (member.IsBits || !IsSameName(member.Name, field.Name)) continue;
            bool isBeginning = member.IsArray && field.Offset == member.Offset && field.Size < member.Size;
            return isBeginning || (member.Offset == field.Offset && member.Size == field.Size) ? null : $"{Own(name, field)} is the C field '{member.Name}' ({member.Place})";
        }

        foreach (Member member in _members)
        {
            // Halves of a number, and several numbers in one, may be meant; a part of each is not.
            if (!member.IsScalar || member.InUnion || field.Offset >= member.Offset + member.Size || member.Offset >= field.Offset + field.Size) continue;
            bool isInside = field.Offset >= member.Offset && field.Offset + field.Size <= member.Offset + member.Size;
            bool isAround = field.Offset <= member.Offset && field.Offset + field.Size >= member.Offset + member.Size;
            if (!isInside && !isAround) return $"{Own(name, field)} is across the C field '{member.Name}' ({member.Place})";
        }

        return null;
    }

    private static string Own(string name, BpfStructField field) => $"the C# field '{name}.{field.Name}' (offset {field.Offset}, {Bytes(field.Size)})";

    private string? Explain(BpfStructLayout layout, BpfStructField field)
    {
        string own = Own(layout.Name, field);
        foreach (Member member in _members)
        {
            if (!IsSameName(member.Name, field.Name))
                continue;
            bool covers = member.IsBits && field.Offset <= member.Offset && member.Offset + member.Size <= field.Offset + field.Size;
            return covers || (member.Offset == field.Offset && member.Size == field.Size) ? null : $"{own} is the C field '{member.Name}' ({member.Place})";
        }

        // Another name is no fault, as long as something of that size is there, and is not another field's.
        Member[] there = [.. _members.Where(member => member.Offset < field.Offset + field.Size && field.Offset < member.Offset + member.Size)];
        if (there.Any(member => member.Offset == field.Offset && member.Size == field.Size && !layout.Fields.Any(other => IsSameName(other.Name, member.Name))))
            return null;
        if (there.Length > 0 && there.All(member => member.IsBits))
            return null;
        return there.Length == 0
            ? $"{own} is nothing in C"
            : $"{own} is where C has {string.Join(" and ", there.Select(member => $"'{member.Name}' ({member.Place})"))}";
    }

    private void Collect(BtfType type, int offset, bool inUnion, int depth)
    {
        bool isUnion = inUnion || type.Kind == BtfKind.Union;
        foreach (BtfMember member in type.Members)
        {
            int at = offset + (int)(member.BitOffset / 8);
            if (member.IsAnonymous && member.BitFieldSize == 0 && depth > 0 && _btf.StripModifiers(member.TypeId) is { IsComposite: true } inner)
                Collect(inner, at, isUnion, depth - 1);
            else if (member.BitFieldSize != 0)
                _members.Add(new Member(member.Name, at, (int)((member.BitOffset % 8) + (uint)member.BitFieldSize + 7) / 8, isUnion, BtfKind.Int, IsBits: true));
            else
                _members.Add(new Member(member.Name, at, (int)_btf.SizeOf(member.TypeId), isUnion, _btf.StripModifiers(member.TypeId).Kind, IsBits: false));
        }
    }

    private static string Bytes(int count) => count == 1 ? "1 byte" : $"{count} bytes";

    private readonly record struct Member(string Name, int Offset, int Size, bool InUnion, BtfKind Kind, bool IsBits)
    {
        public bool IsArray => Kind == BtfKind.Array;

        public bool IsScalar => !IsBits && Kind is BtfKind.Int or BtfKind.Pointer or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float;

        public string Place => $"offset {Offset}, {Bytes(Size)}";
    }
}
