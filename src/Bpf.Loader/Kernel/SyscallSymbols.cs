using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Kernel;

/// <summary>How the kernel names the functions of its system calls.</summary>
internal static class SyscallSymbols
{
    /// <summary>The architecture's part of a wrapper's name; <see langword="null"/> where it has no wrappers.</summary>
    public static string? Prefix { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x64",
        Architecture.X86 => "ia32",
        Architecture.S390x => "s390x",
        Architecture.Arm or Architecture.Armv6 => "arm",
        Architecture.Arm64 => "arm64",
        Architecture.Ppc64le => "powerpc",
        Architecture.RiscV64 => "riscv",
        _ => null,
    };

    /// <summary>The function to probe for a system call.</summary>
    [SupportedOSPlatform("linux")]
    public static string Function(string syscall)
        => Prefix is not null && KernelFeatures.Current.Expects(KernelFeature.SyscallWrapper)
            ? $"__{Prefix}_sys_{syscall}"
            : $"__se_sys_{syscall}";
}
