using System;

namespace Bpf.Loader.Btf;

/// <summary>How the bits of a BTF integer are meant.</summary>
[Flags]
public enum BtfIntEncoding
{
    /// <summary>An unsigned number.</summary>
    None = 0,

    /// <summary>A signed number.</summary>
    Signed = 1,

    /// <summary>A character.</summary>
    Char = 2,

    /// <summary>A boolean.</summary>
    Bool = 4,
}
