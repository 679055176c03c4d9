namespace Bpf.Loader;

/// <summary>What an instruction of a relocated program refers to.</summary>
public enum BpfReferenceKind
{
    /// <summary>A map.</summary>
    Map,

    /// <summary>An address in the value of a map: a variable, or memory of an arena.</summary>
    MapValue,

    /// <summary>A value of the kernel's configuration, which is in the map <c>.kconfig</c>.</summary>
    KernelConfig,

    /// <summary>The address of a kernel symbol.</summary>
    KernelSymbol,

    /// <summary>A call of a kernel function.</summary>
    KernelFunction,

    /// <summary>A jump table.</summary>
    JumpTable,
}
