using System.Diagnostics.CodeAnalysis;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Maps;

/// <summary>Finds where two C types that should be the same lie differently in memory: members that moved, or became another kind.</summary>
internal static class LayoutDifference
{
    private const int DepthLimit = 16;

    /// <summary>The first difference, as part of a sentence.</summary>
    /// <param name="wanted">The types of the object.</param>
    /// <param name="wantedType">The type there.</param>
    /// <param name="found">The types of the map.</param>
    /// <param name="foundType">The type there.</param>
    /// <param name="difference">What differs.</param>
    public static bool TryFind(BtfReader wanted, BtfTypeId wantedType, BtfReader found, BtfTypeId foundType, [NotNullWhen(true)] out string? difference) =>
        (difference = Find(wanted, wantedType, found, foundType, "", DepthLimit)) is not null;

    private static string? Find(BtfReader wanted, BtfTypeId wantedType, BtfReader found, BtfTypeId foundType, string place, int depth)
    {
        BtfType a = wanted.StripModifiers(wantedType), b = found.StripModifiers(foundType);
        string where = place.Length == 0 ? "" : $"'{place}' is ";
        if (Shape(a) != Shape(b)) return $"{where}{Text(a)} in the object and {Text(b)} in the map";
        if (wanted.TryGetSize(a.Id, out uint wantedSize) && found.TryGetSize(b.Id, out uint foundSize) && wantedSize != foundSize)
            return $"{where}{Text(a)} of {wantedSize} bytes in the object and {Text(b)} of {foundSize} in the map";
        if (depth == 0) return null;
        if (a.Kind == BtfKind.Array)
            return Find(wanted, a.Array.ElementTypeId, found, b.Array.ElementTypeId, place + "[]", depth - 1);
        if (!a.IsComposite) return null;

        BtfMemberCollection ours = a.Members, theirs = b.Members;
        if (ours.Count != theirs.Count) return $"{where}{Text(a)} with {ours.Count} members in the object and {Text(b)} with {theirs.Count} in the map";
        for (int i = 0; i < ours.Count; i++)
        {
            // A member may be renamed; moved, it is another.
            string name = place.Length == 0 ? ours[i].Name : $"{place}.{ours[i].Name}";
            if (ours[i].BitOffset != theirs[i].BitOffset || ours[i].BitFieldSize != theirs[i].BitFieldSize)
                return $"'{name}' is at bit {ours[i].BitOffset} in the object, and '{theirs[i].Name}' at bit {theirs[i].BitOffset} in the map";
            if (Find(wanted, ours[i].TypeId, found, theirs[i].TypeId, name, depth - 1) is string difference) return difference;
        }

        return null;
    }

    private static string Text(BtfType type) => $"{type.Kind.ToString().ToLowerInvariant()}{(type.NameUtf8.IsEmpty ? "" : " " + type.Name)}";

    // Enumerations and integers are read alike, and so is what pointers point to.
    private static BtfKind Shape(BtfType type) => type.Kind is BtfKind.Enum or BtfKind.Enum64 ? BtfKind.Int : type.Kind;
}
