using System;
using System.Globalization;

namespace Bpf.Loader.Btf;

/// <summary>The number of a BTF type; 0 is <c>void</c>. Numbers of split BTF go on where its base ends.</summary>
/// <param name="Value">The number.</param>
public readonly record struct BtfTypeId(int Value) : IComparable<BtfTypeId>
{
    /// <summary><c>void</c>.</summary>
    public static BtfTypeId Void => default;

    /// <summary>True for <c>void</c>.</summary>
    public bool IsVoid => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(BtfTypeId other) => Value.CompareTo(other.Value);

    /// <summary>The number in brackets, as in <c>[12]</c>.</summary>
    public override string ToString() => "[" + Value.ToString(CultureInfo.InvariantCulture) + "]";

    /// <summary>Compares numbers.</summary>
    public static bool operator <(BtfTypeId left, BtfTypeId right) => left.Value < right.Value;

    /// <summary>Compares numbers.</summary>
    public static bool operator >(BtfTypeId left, BtfTypeId right) => left.Value > right.Value;

    /// <summary>Compares numbers.</summary>
    public static bool operator <=(BtfTypeId left, BtfTypeId right) => left.Value <= right.Value;

    /// <summary>Compares numbers.</summary>
    public static bool operator >=(BtfTypeId left, BtfTypeId right) => left.Value >= right.Value;
}
