namespace Bpf.Loader.Objects;

/// <summary>What an instruction refers to.</summary>
internal enum CodeRelocationKind
{
    /// <summary>A call of a sub-program.</summary>
    Call,

    /// <summary>The address of a sub-program.</summary>
    SubProgramAddress,

    /// <summary>A map.</summary>
    MapReference,

    /// <summary>An address in the value of a data map or an arena.</summary>
    MapValue,

    /// <summary>A 64-bit load of a kconfig value or the address of a kernel symbol.</summary>
    ExternLoad,

    /// <summary>A call of a kernel function.</summary>
    ExternCall,

    /// <summary>A jump table.</summary>
    InstructionArray,
}
