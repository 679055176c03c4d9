namespace Bpf.Loader.Testing.Maps;

/// <summary>A field that the kernel looks after.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where in the value or object, in bytes.</param>
/// <param name="Size">Its size in bytes.</param>
internal readonly record struct SpecialField(SpecialFieldKind Kind, int Offset, int Size)
{
    /// <summary>The offset behind it.</summary>
    public int End => Offset + Size;
}
