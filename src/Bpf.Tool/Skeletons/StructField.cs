namespace Bpf.Tool.Skeletons;

/// <summary>A member of a struct.</summary>
/// <param name="Kind">How it is written.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, or that of its elements.</param>
/// <param name="BitOffset">Where it begins, in bits.</param>
/// <param name="Length">The width of a bit-field in bits, or the number of elements.</param>
/// <param name="C">Its declaration in C.</param>
/// <param name="IsSigned">For a bit-field, true when its highest bit is a sign.</param>
internal sealed record StructField(StructFieldKind Kind, string Name, CSharpType Type, ulong BitOffset, int Length, string C, bool IsSigned = false)
{
    /// <summary>The property that has the field as an address; null when it is none.</summary>
    public string? Address { get; init; }

    /// <summary>The property that has the field as a number in the machine's byte order; null when it is none from the wire.</summary>
    public string? HostOrder { get; init; }

    /// <summary>Where it begins, in bytes.</summary>
    public ulong Offset => BitOffset / 8;

    /// <summary>Where it ends, in bytes.</summary>
    public ulong End => Kind switch
    {
        StructFieldKind.Plain => Offset + (uint)Type.Size,
        StructFieldKind.Bits => (BitOffset + (uint)Length + 7) / 8,
        StructFieldKind.Span => Offset + ((ulong)Type.Size * (uint)Length),
        _ => Offset,
    };
}
