using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    // The types that were seen to fit: a view costs the comparison once.
    private Type? _keys, _values, _records;

    /// <summary>The type of the records of a buffer in the object's BTF, or void when the object does not say.</summary>
    internal BtfTypeId RecordType { get; init; }

    /// <summary>Throws unless a C# type is the C type of the keys.</summary>
    internal void RequireKeys<T>()
        where T : unmanaged
    {
        if (_keys == typeof(T)) return;
        LayoutCheck.Require<T>(MapRefusal.Describe(this), "keys", KeySize, KeyType.IsVoid ? null : Btf, KeyType);
        _keys = typeof(T);
    }

    /// <summary>Throws unless a C# type is the C type of the values.</summary>
    /// <param name="size">The bytes that the view takes for a value.</param>
    internal void RequireValues<T>(int size)
        where T : unmanaged
    {
        if (_values == typeof(T)) return;
        LayoutCheck.Require<T>(MapRefusal.Describe(this), "values", size, ValueType.IsVoid ? null : Btf, ValueType);
        _values = typeof(T);
    }

    /// <summary>Throws when a C# type contradicts what the object says of the records.</summary>
    internal void RequireRecords<T>()
        where T : unmanaged
    {
        if (_records == typeof(T) || RecordType.IsVoid || Btf is not { } btf || !btf.TryGetSize(RecordType, out uint size)) return;

        // A record may end in an array without a length, and readers may leave its end unread.
        LayoutCheck.Require<T>(MapRefusal.Describe(this), "records", Math.Max((int)size, IsOpen(btf, RecordType) ? int.MaxValue : 0), btf, RecordType, mayBeLonger: true);
        _records = typeof(T);
    }

    private static bool IsOpen(BtfReader btf, BtfTypeId type)
    {
        BtfType record = btf.StripModifiers(type);
        if (!record.IsComposite) return false;
        foreach (BtfMember member in record.Members)
        {
            if (btf.StripModifiers(member.TypeId) is { Kind: BtfKind.Array, Array.Count: 0 }) return true;
        }

        return false;
    }

    /// <summary>Makes sure that a C# structure is the C structure of the keys, field by field, as far as the map's BTF says it.</summary>
    /// <param name="layout">The C# structure.</param>
    /// <exception cref="ArgumentException">They differ; the message names each C field and C# field that do not fit.</exception>
    /// <exception cref="InvalidOperationException">Nothing is known of the keys but their size.</exception>
    public void CheckKeyLayout(BpfStructLayout layout) => CheckLayout("keys", KeyType, layout);

    /// <summary>Makes sure that a C# structure is the C structure of the values, field by field, as far as the map's BTF says it.</summary>
    /// <param name="layout">The C# structure.</param>
    /// <exception cref="ArgumentException">They differ; the message names each C field and C# field that do not fit.</exception>
    /// <exception cref="InvalidOperationException">Nothing is known of the values but their size.</exception>
    public void CheckValueLayout(BpfStructLayout layout) => CheckLayout("values", ValueType, layout);

    private void CheckLayout(string what, BtfTypeId type, BpfStructLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (Btf is not { } btf || type.IsVoid)
            throw new InvalidOperationException($"{MapRefusal.Describe(this)} has no BTF that tells what its {what} are.");
        IReadOnlyList<string> differences = LayoutComparison.Differences(btf, type, layout);
        if (differences.Count > 0)
            throw new ArgumentException($"The {what} of {MapRefusal.Describe(this)} are not {layout.Name}: {string.Join("; ", differences)}.", nameof(layout));
    }
}
