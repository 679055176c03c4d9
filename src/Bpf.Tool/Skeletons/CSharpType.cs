namespace Bpf.Tool.Skeletons;

/// <summary>A type of C#.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record CSharpType(string Name, int Size)
{
    /// <summary>The unsigned integer of a size; null when there is none.</summary>
    public static CSharpType? OfSize(uint size, bool isSigned = false) => size switch
    {
        1 => new CSharpType(isSigned ? "sbyte" : "byte", 1),
        2 => new CSharpType(isSigned ? "short" : "ushort", 2),
        4 => new CSharpType(isSigned ? "int" : "uint", 4),
        8 => new CSharpType(isSigned ? "long" : "ulong", 8),
        16 => new CSharpType(isSigned ? "global::System.Int128" : "global::System.UInt128", 16),
        _ => null,
    };
}
