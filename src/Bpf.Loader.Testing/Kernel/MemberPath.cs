using System;
using System.Globalization;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>A member of a kernel type, found by a path such as <c>sk.__sk_common.skc_dport</c> or <c>comm[3]</c>.</summary>
internal readonly struct MemberPath
{
    private MemberPath(BtfType type, int bitOffset, int bitFieldSize)
    {
        Type = type;
        BitOffset = bitOffset;
        BitFieldSize = bitFieldSize;
    }

    /// <summary>The type of the member without modifiers.</summary>
    public BtfType Type { get; }

    /// <summary>Where it is, in bits.</summary>
    public int BitOffset { get; }

    /// <summary>The width of a bit-field; 0 for what is none.</summary>
    public int BitFieldSize { get; }

    /// <summary>The offset in bytes.</summary>
    public int Offset => BitOffset / 8;

    /// <summary>Follows a path.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public static MemberPath Find(BtfReader types, BtfType root, string path)
    {
        var found = new MemberPath(root, 0, 0);
        foreach (Range range in SplitPath(path))
        {
            ReadOnlySpan<char> name = path.AsSpan(range);
            int bracket = name.IndexOf('[');
            if (bracket != 0) found = Member(types, found, (bracket < 0 ? name : name[..bracket]).ToString(), path);
            while (bracket >= 0)
            {
                int close = name.IndexOf(']');
                if (close < bracket || !int.TryParse(name[(bracket + 1)..close], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || found.Type.Kind != BtfKind.Array)
                    throw new ArgumentException($"'{path}' is no path to a member: '{name}' is no element of an array.", nameof(path));
                BtfArray array = found.Type.Array;
                if (index >= array.Count) throw new ArgumentException($"'{path}' is outside of the array, which has {array.Count} elements.", nameof(path));
                int size = (int)types.SizeOf(array.ElementTypeId);
                found = new MemberPath(types.StripModifiers(array.ElementTypeId), found.BitOffset + (index * size * 8), 0);
                name = name[(close + 1)..];
                bracket = name.IsEmpty ? -1 : 0;
            }
        }

        return found;
    }

    private static System.Collections.Generic.List<Range> SplitPath(string path)
    {
        System.Collections.Generic.List<Range> parts = [];
        foreach (Range range in path.AsSpan().Split('.')) parts.Add(range);
        return parts;
    }

    private static MemberPath Member(BtfReader types, MemberPath from, string name, string path) =>
        from.Type.IsComposite && TryMember(types, from.Type, from.BitOffset, name, 0, out MemberPath found)
            ? found
            : throw new ArgumentException($"'{from.Type.Name}' has no member '{name}' (of '{path}') in the machine's kernel types.", nameof(path));

    private static bool TryMember(BtfReader types, BtfType type, int offset, string name, int depth, out MemberPath found)
    {
        foreach (BtfMember member in type.Members)
        {
            int at = offset + (int)member.BitOffset;
            BtfType inner = types.StripModifiers(member.TypeId);
            if (member.Name == name)
            {
                found = new MemberPath(inner, at, member.BitFieldSize);
                return true;
            }

            if (member.IsAnonymous && inner.IsComposite && depth < 16 && TryMember(types, inner, at, name, depth + 1, out found)) return true;
        }

        found = default;
        return false;
    }
}
