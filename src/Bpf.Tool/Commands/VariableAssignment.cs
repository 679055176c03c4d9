using System;
using System.Collections.Generic;
using System.Globalization;
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
    private const int MembersToTell = 20;

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
            throw new UsageException($"--set {assignment}: {Explain(file, name)}");
        if (file.IsForeignEndian)
            throw new UsageException($"--set {assignment}: the object is for machines of the other byte order.");
        try
        {
            Write(file.Btf, global, path[name.Length..], value);
        }
        catch (Exception e) when (e is FormatException or BpfFormatException)
        {
            throw new UsageException($"--set {assignment}: {e.Message}");
        }
    }

    private static string Explain(BpfObjectFile file, string name)
    {
        try
        {
            return $"{file.Globals[name]} cannot be set.";
        }
        catch (KeyNotFoundException e)
        {
            return e.Message;
        }
    }

    private static void Write(BtfReader? btf, BpfGlobal global, string path, string value)
    {
        if (btf is not null && !global.TypeId.IsVoid)
        {
            (BtfTypeId type, long offset) = Walk(btf, global.TypeId, path);
            if (!btf.TryGetSize(type, out uint size))
                throw new FormatException("its type has no size that is known.");
            if (offset + size > global.Size)
                throw new FormatException($"its type takes {size} bytes at offset {offset}, and the variable has {global.Size}: the types and the data of the object do not belong together.");
            BtfValueParser.Parse(btf, type, value, global.Bytes.Slice((int)offset, (int)size));
            return;
        }

        if (path.Length > 0)
            throw new FormatException("the object does not say what the variable consists of, because it has no BTF.");
        BtfValueParser.ParseInteger(value, isSigned: false, global.Bytes);
    }

    private static (BtfTypeId Type, long Offset) Walk(BtfReader btf, BtfTypeId type, string path)
    {
        long offset = 0;
        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            BtfType current = btf.StripModifiers(type);
            if (rest[0] == '[')
            {
                int close = rest.IndexOf(']');
                if (close < 0)
                    throw new FormatException($"'{rest}' has no ']'.");
                if (current.Kind != BtfKind.Array)
                    throw new FormatException($"'{rest[..(close + 1)]}' is no element of it: it is {current}, and no array.");
                if (!uint.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out uint index) || index >= current.Array.Count)
                    throw new FormatException($"'{rest[..(close + 1)]}' is no element of it: it has {current.Array.Count}, from 0 on.");
                type = current.Array.ElementTypeId;
                offset += (long)index * btf.SizeOf(type);
                rest = rest[(close + 1)..];
                continue;
            }

            if (rest[0] != '.')
                throw new FormatException($"'{rest}' is neither '.MEMBER' nor '[INDEX]'.");
            rest = rest[1..];
            int end = rest.IndexOfAny('.', '[');
            ReadOnlySpan<char> name = end < 0 ? rest : rest[..end];
            if (!TryFindMember(btf, current, Encoding.UTF8.GetBytes(name.ToString()), ref offset, out type))
                throw new FormatException($"it has no member '{name}'{Members(current)}.");
            rest = end < 0 ? default : rest[end..];
        }

        return (type, offset);
    }

    private static string Members(BtfType type)
    {
        string[] names = [.. type.Members.Where(static member => !member.IsAnonymous).Select(static member => member.Name).Take(MembersToTell)];
        return names.Length == 0 ? "" : $"; it has {string.Join(", ", names)}";
    }

    private static bool TryFindMember(BtfReader btf, BtfType type, byte[] name, ref long offset, out BtfTypeId found)
    {
        foreach (BtfMember member in type.Members)
        {
            long at = offset + (member.BitOffset / 8);
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
