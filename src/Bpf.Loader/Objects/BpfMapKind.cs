namespace Bpf.Loader.Objects;

/// <summary>Where a map of an object file comes from.</summary>
public enum BpfMapKind
{
    /// <summary>A map definition.</summary>
    User,

    /// <summary>Initialised variables: <c>.data</c> and its like.</summary>
    Data,

    /// <summary>Constants: <c>.rodata</c> and its like. Programs and, after the load, user space may only read them.</summary>
    ReadOnlyData,

    /// <summary>Zeroed variables: <c>.bss</c> and its like.</summary>
    Bss,

    /// <summary>Values of the kernel's configuration: <c>.kconfig</c>.</summary>
    KernelConfig,

    /// <summary>A kernel structure of callbacks: <c>.struct_ops</c> and its like.</summary>
    StructOps,
}
