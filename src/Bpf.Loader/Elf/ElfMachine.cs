namespace Bpf.Loader.Elf;

/// <summary>The machine that an ELF file is for (<c>e_machine</c>); only those that matter here have a name.</summary>
public enum ElfMachine : ushort
{
    /// <summary>EM_NONE: what LLVM before 4.0 wrote for BPF.</summary>
    None = 0,

    /// <summary>EM_386.</summary>
    X86 = 3,

    /// <summary>EM_PPC64.</summary>
    Ppc64 = 21,

    /// <summary>EM_S390.</summary>
    S390 = 22,

    /// <summary>EM_ARM.</summary>
    Arm = 40,

    /// <summary>EM_X86_64.</summary>
    X64 = 62,

    /// <summary>EM_AARCH64.</summary>
    Arm64 = 183,

    /// <summary>EM_RISCV.</summary>
    RiscV = 243,

    /// <summary>EM_BPF.</summary>
    Bpf = 247,
}
