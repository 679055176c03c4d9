namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>What an instruction does, as far as the way of a value is concerned.</summary>
internal enum OperationKind
{
    /// <summary>Something that moves no value.</summary>
    Other,

    /// <summary>A register becomes another's copy.</summary>
    Copy,

    /// <summary>A register becomes a number, or the address of a map or variable.</summary>
    Constant,

    /// <summary>A register is changed by arithmetic.</summary>
    Arithmetic,

    /// <summary>A register is loaded from memory.</summary>
    Load,

    /// <summary>Memory is written.</summary>
    Store,

    /// <summary>Memory is changed atomically.</summary>
    Atomic,

    /// <summary>A helper or a kernel function is called.</summary>
    CallKernel,

    /// <summary>A function of the program is called.</summary>
    CallFunction,

    /// <summary>A jump that depends on a comparison.</summary>
    Branch,

    /// <summary>A jump.</summary>
    Jump,

    /// <summary>The end of the function.</summary>
    Exit,
}
