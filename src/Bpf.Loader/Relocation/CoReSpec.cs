using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>A type, field or enumerator that a CO-RE relocation is about, as one side knows it: the object's, or the target's.</summary>
public sealed class CoReSpec
{
    private readonly CoReAccessor[] _accessors;
    private readonly int[] _path;

    internal CoReSpec(CoReKind kind, BtfReader types, BtfTypeId root, CoReAccessor[] accessors, int[] path, uint bitOffset)
    {
        Kind = kind;
        Types = types;
        RootTypeId = root;
        BitOffset = bitOffset;
        _accessors = accessors;
        _path = path;
    }

    /// <summary>What is asked.</summary>
    public CoReKind Kind { get; }

    /// <summary>The types of this side.</summary>
    public BtfReader Types { get; }

    /// <summary>The type that the access starts from.</summary>
    public BtfTypeId RootTypeId { get; }

    /// <summary>The steps that have a meaning in the source; anonymous structs and unions in between are left out.</summary>
    public IReadOnlyList<CoReAccessor> Accessors => _accessors;

    /// <summary>All steps, anonymous structs and unions included, as in the access string <c>0:1:2</c>.</summary>
    public IReadOnlyList<int> Path => _path;

    /// <summary>Where the field begins, in bits from the start of the type; 0 for types and enumerators.</summary>
    public uint BitOffset { get; }

    internal CoReAccessor Last => _accessors[^1];

    internal ReadOnlySpan<CoReAccessor> AccessorSpan => _accessors;

    /// <summary>
    /// The text of libbpf's log, such as <c>&lt;byte_off&gt; [2] struct task_struct.pid (0:1 @ offset 8)</c> or
    /// <c>&lt;enumval_value&gt; [7] enum color::RED = 1</c>.
    /// </summary>
    public override string ToString()
    {
        BtfType root = Types[RootTypeId];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<{Kind.ToLogName()}> [{RootTypeId.Value}] {root.Kind.ToLogName()} ");
        text.Append(root.NameUtf8.IsEmpty ? "<anon>" : root.Name);
        if (Kind.IsEnumerator()) AppendEnumerator(text);
        else if (Kind.IsField()) AppendField(text);
        return text.ToString();
    }

    /// <summary>What of the type is meant, in words of C: <c>a.b[3]</c>, an enumerator, or nothing for the type itself.</summary>
    internal string DescribePath()
    {
        if (Kind.IsEnumerator()) return Types[Last.TypeId].Enumerators[Last.Index].Name;
        var text = new StringBuilder();
        AppendAccessors(text);
        return text.ToString().TrimStart('.');
    }

    /// <summary>The word of the source that stands for what is meant: the last member, the enumerator; empty when there is none.</summary>
    internal string DescribeLast()
    {
        if (Kind.IsEnumerator()) return DescribePath();
        CoReAccessor last = Array.FindLast(_accessors, static accessor => accessor.IsNamed);
        return last.IsNamed ? Types[last.TypeId].Members[last.Index].Name : "";
    }

    private void AppendEnumerator(StringBuilder text)
    {
        BtfType type = Types.StripModifiers(RootTypeId);
        if (_accessors.Length == 0 || _accessors[0].Index >= type.Enumerators.Count) return;
        BtfEnumerator enumerator = type.Enumerators[_accessors[0].Index];
        text.Append("::").Append(enumerator.Name).Append(" = ");

        // The kind flag says whether the values are signed; the width tells how the sign extension of small ones is to be undone.
        if (type.KindFlag) text.Append(CultureInfo.InvariantCulture, $"{enumerator.Value}");
        else text.Append(CultureInfo.InvariantCulture, $"{(type.Kind == BtfKind.Enum ? (uint)enumerator.Value : (ulong)enumerator.Value)}");
    }

    private void AppendField(StringBuilder text)
    {
        AppendAccessors(text);
        text.Append(" (").AppendJoin(':', _path);
        text.Append(CultureInfo.InvariantCulture, $" @ offset {BitOffset / 8}");
        if (BitOffset % 8 != 0) text.Append(CultureInfo.InvariantCulture, $".{BitOffset % 8}");
        text.Append(')');
    }

    private void AppendAccessors(StringBuilder text)
    {
        for (int i = 0; i < _accessors.Length; i++)
        {
            CoReAccessor accessor = _accessors[i];
            if (accessor.IsNamed) text.Append('.').Append(Types[accessor.TypeId].Members[accessor.Index].Name);
            else if (i > 0 || accessor.Index > 0) text.Append(CultureInfo.InvariantCulture, $"[{accessor.Index}]");
        }
    }
}
