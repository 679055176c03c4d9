using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary>Numbers of the system calls that the C library does not wrap, of this process's architecture.</summary>
internal static class SystemCallNumbers
{
    /// <summary>bpf(2).</summary>
    public static readonly nint Bpf = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.S390x => 351,
        Architecture.Ppc64le => 361,
        Architecture.X86 => 357,
        Architecture.Arm or Architecture.Armv6 => 386,
        _ => 280, // arm64, riscv64 and loongarch64 share the generic table.
    };

    /// <summary>perf_event_open(2).</summary>
    public static readonly nint PerfEventOpen = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.S390x => 331,
        Architecture.Ppc64le => 319,
        Architecture.X86 => 336,
        Architecture.Arm or Architecture.Armv6 => 364,
        _ => 241,
    };

    /// <summary>statx(2).</summary>
    public static readonly nint Statx = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.S390x => 379,
        Architecture.Ppc64le or Architecture.X86 => 383,
        Architecture.Arm or Architecture.Armv6 => 397,
        _ => 291,
    };

    /// <summary>seccomp(2), since 3.17.</summary>
    public static readonly nint Seccomp = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 317,
        Architecture.S390x => 348,
        Architecture.Ppc64le => 358,
        Architecture.X86 => 354,
        Architecture.Arm or Architecture.Armv6 => 383,
        _ => 277,
    };

    /// <summary>capget(2).</summary>
    public static readonly nint CapGet = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 125,
        Architecture.X86 or Architecture.S390x or Architecture.Arm or Architecture.Armv6 => 184,
        Architecture.Ppc64le => 183,
        _ => 90,
    };

    /// <summary>name_to_handle_at(2), since 2.6.39.</summary>
    public static readonly nint NameToHandleAt = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 303,
        Architecture.S390x => 335,
        Architecture.Ppc64le => 345,
        Architecture.X86 => 341,
        Architecture.Arm or Architecture.Armv6 => 370,
        _ => 264,
    };

    /// <summary>open_by_handle_at(2), since 2.6.39.</summary>
    public static readonly nint OpenByHandleAt = NameToHandleAt + 1;

    /// <summary>fsopen(2), since 5.2; from 424 on all architectures share the numbers.</summary>
    public const nint FsOpen = 430;

    /// <summary>fsconfig(2), since 5.2.</summary>
    public const nint FsConfig = 431;

    /// <summary>fsmount(2), since 5.2.</summary>
    public const nint FsMount = 432;

    /// <summary>openat2(2), since 5.6.</summary>
    public const nint OpenAt2 = 437;

    /// <summary>uprobe(2) on x86-64, since 6.18; -1 elsewhere.</summary>
    public static readonly nint Uprobe = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 336 : -1;
}
