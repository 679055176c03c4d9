namespace Bpf.Loader.Symbols;

/// <summary>What an address belongs to.</summary>
public enum SymbolKind
{
    /// <summary>It is not known; <see cref="Symbol.Problem"/> says why.</summary>
    Unknown,

    /// <summary>A program or a library.</summary>
    Binary,

    /// <summary>What a runtime compiled while it ran: .NET, Java, JavaScript.</summary>
    JustInTime,

    /// <summary>The code that the kernel lends every process.</summary>
    Vdso,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>A module of the kernel.</summary>
    KernelModule,

    /// <summary>A BPF program.</summary>
    BpfProgram,
}
