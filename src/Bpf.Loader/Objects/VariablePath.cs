using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>Writes a place in a variable as C does: <c>table[2].name</c>.</summary>
internal static class VariablePath
{
    private const int Deepest = 32;

    /// <summary>The path to the byte at an offset in a variable.</summary>
    /// <param name="btf">The types; null when there are none, and then the path is the name alone.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="offset">The offset.</param>
    public static string Of(BtfReader? btf, BpfGlobal variable, long offset)
    {
        if (btf is null || variable.TypeId.IsVoid) return offset == 0 ? variable.Name : string.Create(CultureInfo.InvariantCulture, $"{variable.Name}+{offset}");
        var path = new StringBuilder(variable.Name);
        BtfType type = btf.StripModifiers(btf[variable.TypeId].Kind == BtfKind.Variable ? btf[variable.TypeId].TypeId : variable.TypeId);
        for (int depth = 0; depth < Deepest; depth++)
        {
            BtfTypeId next;
            if (type.Kind == BtfKind.Array)
            {
                next = type.Array.ElementTypeId;
                if (!btf.TryGetSize(next, out uint size) || size == 0) break;
                path.Append(CultureInfo.InvariantCulture, $"[{offset / size}]");
                offset %= size;
            }
            else if (type.Kind is BtfKind.Struct or BtfKind.Union && TryFindMember(btf, type, offset, out BtfMember member))
            {
                if (!member.IsAnonymous) path.Append('.').Append(member.Name);
                next = member.TypeId;
                offset -= member.BitOffset / 8;
            }
            else
            {
                break;
            }

            type = btf.StripModifiers(next);
        }

        return path.ToString();
    }

    // Of the members of a union the first that is large enough.
    private static bool TryFindMember(BtfReader btf, BtfType type, long offset, out BtfMember found)
    {
        foreach (BtfMember member in type.Members)
        {
            long start = member.BitOffset / 8;
            if (offset < start || !btf.TryGetSize(member.TypeId, out uint size) || offset - start >= size) continue;
            found = member;
            return true;
        }

        found = default;
        return false;
    }
}
