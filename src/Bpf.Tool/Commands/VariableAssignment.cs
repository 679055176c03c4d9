using System;
using System.Linq;
using System.Text;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Commands;

/// <summary>
/// Carries out <c>--set NAME=VALUE</c>: a global variable, or a part of it (<c>limits.rate</c>, <c>ports[2]</c>), gets another
/// initial value, read by its C type.
/// </summary>
internal static class VariableAssignment
{
    /// <summary>Carries out an assignment.</summary>
    /// <exception cref="UsageException">There is no such variable, or the value is none of its type.</exception>
    public static void Apply(BpfObjectFile file, string assignment)
    {
        int at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new UsageException($"--set {assignment}: write NAME=VALUE.");
        string path = assignment[..at], value = assignment[(at + 1)..];
        int end = path.AsSpan().IndexOfAny('.', '[');

        // Static variables of functions have a dot in their names.
        string name = end > 0 && !file.Globals.TryGet(path, out _) ? path[..end] : path;
        if (!file.Globals.TryGet(name, out BpfGlobal? global))
        {
            string known = string.Join(", ", file.Globals.Select(candidate => candidate.Name));
            throw new UsageException($"--set {assignment}: there is no variable '{name}'; there {(known.Length == 0 ? "are none" : "are: " + known)}.");
        }

        if (file.IsForeignEndian)
            throw new UsageException($"--set {assignment}: the object is for machines of the other byte order.");
        try
        {
            Write(file.Btf, global, path[name.Length..], value);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--set {assignment}: {e.Message}");
        }
    }

    private static void Write(BtfReader? btf, BpfGlobal global, string path, string value)
    {
        if (btf is not null && !global.TypeId.IsVoid)
        {
            (BtfTypeId type, int offset) = Walk(btf, global.TypeId, path);
            BtfValueParser.Parse(btf, type, value, global.Bytes[offset..]);
            return;
        }

        if (path.Length > 0)
            throw new FormatException("the object does not say what the variable consists of, because it has no BTF.");
        BtfValueParser.ParseInteger(value, isSigned: false, global.Bytes);
    }

    private static (BtfTypeId Type, int Offset) Walk(BtfReader btf, BtfTypeId type, string path)
    {
        int offset = 0;
        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            BtfType current = btf.StripModifiers(type);
            if (rest[0] == '[')
            {
                int close = rest.IndexOf(']');
                if (current.Kind != BtfKind.Array || close < 0 || !uint.TryParse(rest[1..close], out uint index) || index >= current.Array.Count)
                    throw new FormatException($"'{rest}' is no element of it.");
                type = current.Array.ElementTypeId;
                offset += checked((int)(index * btf.SizeOf(type)));
                rest = rest[(close + 1)..];
                continue;
            }

            rest = rest[1..];
            int end = rest.IndexOfAny('.', '[');
            ReadOnlySpan<char> name = end < 0 ? rest : rest[..end];
            if (!TryFindMember(btf, current, Encoding.UTF8.GetBytes(name.ToString()), ref offset, out type))
                throw new FormatException($"it has no member '{name}'.");
            rest = end < 0 ? default : rest[end..];
        }

        return (type, offset);
    }

    private static bool TryFindMember(BtfReader btf, BtfType type, byte[] name, ref int offset, out BtfTypeId found)
    {
        foreach (BtfMember member in type.Members)
        {
            int at = offset + (int)(member.BitOffset / 8);
            if (member.NameUtf8.SequenceEqual(name))
            {
                if (member.BitFieldSize != 0)
                    throw new FormatException($"its member '{member.Name}' is a bit-field, which cannot be set.");
                offset = at;
                found = member.TypeId;
                return true;
            }

            if (!member.IsAnonymous || !TryFindMember(btf, btf.StripModifiers(member.TypeId), name, ref at, out found))
                continue;
            offset = at;
            return true;
        }

        found = default;
        return false;
    }
}
