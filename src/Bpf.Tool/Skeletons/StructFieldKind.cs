namespace Bpf.Tool.Skeletons;

/// <summary>How a member of a struct is written.</summary>
internal enum StructFieldKind
{
    /// <summary>A field.</summary>
    Plain,

    /// <summary>A property over some bits.</summary>
    Bits,

    /// <summary>A span over elements that are too many for a field.</summary>
    Span,

    /// <summary>A span over the elements behind the struct.</summary>
    Flexible,

    /// <summary>Nothing: what it is cannot be told.</summary>
    Omitted,
}
