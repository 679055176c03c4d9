namespace Bpf.Loader.Btf;

/// <summary>What a BTF type is (<c>BTF_KIND_*</c>).</summary>
public enum BtfKind : byte
{
    /// <summary><c>void</c>, type 0.</summary>
    Void = 0,

    /// <summary>An integer, a character or a boolean.</summary>
    Int = 1,

    /// <summary>A pointer.</summary>
    Pointer = 2,

    /// <summary>An array.</summary>
    Array = 3,

    /// <summary>A struct.</summary>
    Struct = 4,

    /// <summary>A union.</summary>
    Union = 5,

    /// <summary>An enum of up to 32 bits.</summary>
    Enum = 6,

    /// <summary>A forward declaration of a struct or union.</summary>
    Forward = 7,

    /// <summary>A typedef.</summary>
    Typedef = 8,

    /// <summary>The <c>volatile</c> qualifier.</summary>
    Volatile = 9,

    /// <summary>The <c>const</c> qualifier.</summary>
    Const = 10,

    /// <summary>The <c>restrict</c> qualifier.</summary>
    Restrict = 11,

    /// <summary>A function.</summary>
    Function = 12,

    /// <summary>The parameters and the result of a function.</summary>
    FunctionPrototype = 13,

    /// <summary>A global variable.</summary>
    Variable = 14,

    /// <summary>An ELF section with its variables.</summary>
    DataSection = 15,

    /// <summary>A floating-point number (Linux 5.13).</summary>
    Float = 16,

    /// <summary>A tag on a declaration (Linux 5.16).</summary>
    DeclarationTag = 17,

    /// <summary>A tag on a type (Linux 5.17).</summary>
    TypeTag = 18,

    /// <summary>An enum of 64 bits (Linux 6.0).</summary>
    Enum64 = 19,
}
