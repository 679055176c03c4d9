namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>What a number in a file is for. Numbers of a kind can stand for each other.</summary>
internal enum FieldKind
{
    /// <summary>A place in the file or in a section.</summary>
    Offset,

    /// <summary>A length in bytes.</summary>
    Length,

    /// <summary>How many of something follow.</summary>
    Count,

    /// <summary>The number of a BTF type.</summary>
    Type,

    /// <summary>A place in a string table.</summary>
    Name,

    /// <summary>The number of a section, symbol or record.</summary>
    Index,

    /// <summary>What something is: a kind, flags, a mode, a magic number.</summary>
    Kind,

    /// <summary>Any other number: a value, an address.</summary>
    Value,
}
