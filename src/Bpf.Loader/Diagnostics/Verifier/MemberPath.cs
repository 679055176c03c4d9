using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Names the place in a type that is so many bytes from its beginning.</summary>
internal static class MemberPath
{
    private const int DeepestNesting = 16;

    /// <summary>Names the place, as in <c>inode</c> or <c>addresses[3].port</c>; null when it lies in padding or outside, or has no name.</summary>
    public static string? At(BtfReader btf, BtfTypeId type, long offset)
    {
        string path = "";
        for (int depth = 0; depth < DeepestNesting; depth++)
        {
            BtfType here = btf.StripModifiers(type);
            switch (here.Kind)
            {
                case BtfKind.Array:
                    if (!btf.TryGetSize(here.Array.ElementTypeId, out uint size) || size == 0 || offset < 0 || (here.Array.Count != 0 && offset >= (long)size * here.Array.Count)) return null;
                    path += $"[{offset / size}]";
                    (type, offset) = (here.Array.ElementTypeId, offset % size);
                    break;
                case BtfKind.Struct or BtfKind.Union:
                    if (!TryFindMember(btf, here, offset, out BtfMember member)) return null;
                    if (!member.IsAnonymous) path += path.Length == 0 ? member.Name : $".{member.Name}";
                    (type, offset) = (member.TypeId, offset - (member.BitOffset / 8));
                    break;
                default:
                    return path.Length == 0 || !btf.TryGetSize(type, out uint bytes) || offset >= bytes ? null : path;
            }
        }

        return null;
    }

    /// <summary>Names the array that a place lies in, with its bytes; null when it lies in none, or the type is that array.</summary>
    public static (string Path, uint Size)? ArrayAt(BtfReader btf, BtfTypeId type, long offset)
    {
        string path = "";
        for (int depth = 0; depth < DeepestNesting; depth++)
        {
            BtfType here = btf.StripModifiers(type);
            if (here.Kind == BtfKind.Array) return path.Length == 0 || !btf.TryGetSize(here.Id, out uint size) || size == 0 ? null : (path, size);
            if (here.Kind is not (BtfKind.Struct or BtfKind.Union) || !TryFindMember(btf, here, offset, out BtfMember member)) return null;
            if (!member.IsAnonymous) path += path.Length == 0 ? member.Name : $".{member.Name}";
            (type, offset) = (member.TypeId, offset - (member.BitOffset / 8));
        }

        return null;
    }

    /// <summary>The variable of a section's map at an offset, with the place in it, as in <c>table[2]</c>; null when there is none.</summary>
    public static string? OfSection(BtfReader btf, BtfTypeId section, long offset, out BtfTypeId variable)
    {
        variable = default;
        BtfType type = btf[section];
        foreach (BtfSectionVariable entry in type.Variables)
        {
            if (offset < entry.Offset || offset >= (long)entry.Offset + entry.Size) continue;
            BtfType declared = btf[entry.TypeId];
            variable = declared.TypeId;
            return declared.Name;
        }

        return null;
    }

    private static bool TryFindMember(BtfReader btf, BtfType type, long offset, out BtfMember found)
    {
        foreach (BtfMember member in type.Members)
        {
            // An array without a length at the end goes on behind the struct.
            long start = member.BitOffset / 8;
            bool isOpen = btf.StripModifiers(member.TypeId) is { Kind: BtfKind.Array, Array.Count: 0 };
            if (offset < start || !btf.TryGetSize(member.TypeId, out uint size) || (!isOpen && offset >= start + size)) continue;
            found = member;
            return true;
        }

        found = default;
        return false;
    }
}
