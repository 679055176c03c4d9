using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Loading;

/// <summary>
/// Gives types names that the kernel takes. Other languages than C write into BTF what their debug information has:
/// <c>Option&lt;u8&gt;</c>, <c>*mut u8</c>, <c>{impl#0}</c>. The rules are those of kernel/bpf/btf.c (4.18 to 6.18): identifiers
/// where there is a name at all, none for pointers, arrays and qualifiers, and one for what cannot be without.
/// </summary>
/// <param name="btf">The types.</param>
/// <param name="builder">Where they are changed, under the same ids.</param>
/// <param name="takesDots">Whether identifiers may have dots, as in newer kernels; variables and sections always may.</param>
/// <param name="longest">How long names may be, in bytes.</param>
internal sealed class BtfNameCleaner(BtfReader btf, BtfBuilder builder, bool takesDots, int longest)
{
    private readonly List<(string Before, string After)> _changes = [];
    private readonly HashSet<(string Before, string After)> _known = [];

    /// <summary>What was changed, each name once.</summary>
    public IReadOnlyList<(string Before, string After)> Changes => _changes;

    /// <summary>Cleans all names.</summary>
    public void Clean()
    {
        for (int id = btf.FirstId; id < btf.TypeCount; id++) Clean(btf[new BtfTypeId(id)]);
    }

    private void Clean(BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                CleanName(type, isNeeded: false, takesDots);
                int member = 0;
                foreach (BtfMember each in type.Members) CleanEntry(type, member++, each.NameUtf8, isNeeded: false);
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                CleanName(type, isNeeded: false, takesDots);
                int enumerator = 0;
                foreach (BtfEnumerator each in type.Enumerators) CleanEntry(type, enumerator++, each.NameUtf8, isNeeded: true);
                break;
            case BtfKind.Forward or BtfKind.Typedef:
                CleanName(type, isNeeded: true, takesDots);
                break;
            case BtfKind.Function:
                CleanName(type, isNeeded: true, takesDots);
                NameParameters(type);
                break;
            case BtfKind.FunctionPrototype:
                RemoveName(type);
                int parameter = 0;
                foreach (BtfParameter each in type.Parameters) CleanEntry(type, parameter++, each.NameUtf8, isNeeded: false);
                break;
            case BtfKind.Variable or BtfKind.DataSection:
                CleanName(type, isNeeded: true, dots: true);
                break;
            case BtfKind.Pointer or BtfKind.Array or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict:
                RemoveName(type);
                break;
            case BtfKind.DeclarationTag or BtfKind.TypeTag when type.NameUtf8.IsEmpty:
                Rename(type, "_"); // any text will do, but there must be one
                break;
        }
    }

    // A prototype may have parameters without a name, but not that of a function; "..." is a parameter of no type and no name.
    private void NameParameters(BtfType function)
    {
        BtfType prototype = btf[function.TypeId];
        if (prototype.Kind != BtfKind.FunctionPrototype) return;
        int index = 0;
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            if (parameter.NameUtf8.IsEmpty && !parameter.TypeId.IsVoid)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"arg{index}");
                builder.SetEntryName(prototype.Id, index, name);
                Note("", name);
            }

            index++;
        }
    }

    private void CleanName(BtfType type, bool isNeeded, bool dots)
    {
        if (Fit(type.NameUtf8, isNeeded, dots) is string name) Rename(type, name);
    }

    private void CleanEntry(BtfType type, int index, ReadOnlySpan<byte> name, bool isNeeded)
    {
        if (Fit(name, isNeeded, takesDots) is not string clean) return;
        builder.SetEntryName(type.Id, index, clean);
        Note(Encoding.UTF8.GetString(name), clean);
    }

    private void Rename(BtfType type, string name)
    {
        builder.SetName(type.Id, name);
        Note(type.Name, name);
    }

    private void RemoveName(BtfType type)
    {
        if (type.NameUtf8.IsEmpty) return;
        builder.SetName(type.Id, 0);
        Note(type.Name, "");
    }

    private void Note(string before, string after)
    {
        if (_known.Add((before, after))) _changes.Add((before, after));
    }

    // Null when the name is right as it is.
    private string? Fit(ReadOnlySpan<byte> name, bool isNeeded, bool dots)
    {
        if (name.IsEmpty) return isNeeded ? "_" : null;
        bool isRight = name.Length <= longest && !char.IsAsciiDigit((char)name[0]);
        foreach (byte b in name) isRight &= IsAllowed(b, dots);
        if (isRight) return null;

        var clean = new StringBuilder(Math.Min(name.Length, longest));
        if (char.IsAsciiDigit((char)name[0])) clean.Append('_');
        foreach (byte b in name)
        {
            if (clean.Length == longest) break;
            clean.Append(IsAllowed(b, dots) ? (char)b : '_');
        }

        return clean.ToString();
    }

    // The kernel's isalnum() also takes letters of Latin-1, of which UTF-8 makes no use without bytes that it does not take.
    private static bool IsAllowed(byte b, bool dots) => char.IsAsciiLetterOrDigit((char)b) || b == (byte)'_' || (dots && b == (byte)'.');
}
