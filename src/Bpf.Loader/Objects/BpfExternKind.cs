namespace Bpf.Loader.Objects;

/// <summary>What an extern stands for.</summary>
public enum BpfExternKind
{
    /// <summary>A value of the kernel's configuration, or a fact about the kernel: <c>__kconfig</c>.</summary>
    KernelConfig,

    /// <summary>A variable or function of the kernel: <c>__ksym</c>.</summary>
    KernelSymbol,
}
