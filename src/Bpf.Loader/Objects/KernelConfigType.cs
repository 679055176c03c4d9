namespace Bpf.Loader.Objects;

/// <summary>What a <c>__kconfig</c> variable holds.</summary>
public enum KernelConfigType
{
    /// <summary>Not a value of the kernel's configuration.</summary>
    None,

    /// <summary>One character: <c>y</c>, <c>m</c> or <c>n</c>, or a small number.</summary>
    Char,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>An integer of 1, 2, 4 or 8 bytes.</summary>
    Integer,

    /// <summary><c>enum libbpf_tristate</c>: no 0, yes 1, module 2.</summary>
    Tristate,

    /// <summary>An array of characters.</summary>
    CharArray,
}
