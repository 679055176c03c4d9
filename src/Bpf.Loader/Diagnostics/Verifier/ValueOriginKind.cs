namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Where a value of a program comes from.</summary>
internal enum ValueOriginKind
{
    /// <summary>That cannot be told: the log begins behind it.</summary>
    Unknown,

    /// <summary>It is the context itself.</summary>
    Context,

    /// <summary>It was loaded from the context.</summary>
    ContextMember,

    /// <summary>It is the result of a helper or a kernel function.</summary>
    Result,

    /// <summary>It is the address of a map.</summary>
    Map,

    /// <summary>It is the address of a variable.</summary>
    Variable,

    /// <summary>It is an address on the stack.</summary>
    Stack,

    /// <summary>It is a number in the program.</summary>
    Constant,

    /// <summary>It was loaded from other memory.</summary>
    Memory,

    /// <summary>It is an argument of a global function, which is verified by itself.</summary>
    Argument,
}
