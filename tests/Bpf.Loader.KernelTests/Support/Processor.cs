using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>What tests know of the processor's architecture: numbers of system calls, names of the kernel's functions, places of registers.</summary>
internal static class Processor
{
    /// <summary>Whether it is x86-64. Of the others, which share the numbers of most system calls, the tests run on arm64.</summary>
    public static bool IsX64 { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Whether it is emulated, as in the virtual machines, and slow.</summary>
    /// <remarks>On arm64 a processor does not say so, but the machine says that it is virtual (create_fdt() in hw/arm/virt.c of QEMU).</remarks>
    public static bool IsEmulated { get; } = Says("/proc/cpuinfo", "QEMU TCG") || Says("/proc/device-tree/compatible", "linux,dummy-virt");

    /// <summary>The folder of testdata with the objects that are compiled for its registers; null where they are beside the others.</summary>
    public static string? Objects { get; } = IsX64 ? null : "arm64";

    /// <summary>getpriority(2).</summary>
    public static int GetPriority { get; } = IsX64 ? 140 : 141;

    /// <summary>unlinkat(2).</summary>
    public static int UnlinkAt { get; } = IsX64 ? 263 : 35;

    /// <summary>gettid(2).</summary>
    public static int GetThreadId { get; } = IsX64 ? 186 : 178;

    /// <summary>tgkill(2).</summary>
    public static int SendToThread { get; } = IsX64 ? 234 : 131;

    /// <summary>The first argument in <c>struct pt_regs</c>: rdi, x0.</summary>
    public static short FirstArgument { get; } = (short)(IsX64 ? 112 : 0);

    /// <summary>The result in <c>struct pt_regs</c>: rax, x0.</summary>
    public static short Result { get; } = (short)(IsX64 ? 80 : 0);

    /// <summary>Before the names of the functions of system calls.</summary>
    public static string SystemCallPrefix { get; } = IsX64 ? "__x64_sys_" : "__arm64_sys_";

    /// <summary>A program's target with the names of this processor in place of those in the objects of testdata.</summary>
    public static string Named(string target) => target.Replace("__x64_sys_", SystemCallPrefix, StringComparison.Ordinal);

    /// <summary>A function of the kernel that no probe may enter (noinstr): who handles breakpoints, and exceptions in the kernel.</summary>
    public static string HiddenFunction { get; } = IsX64 ? "exc_int3" : "el1h_64_sync_handler";

    /// <summary>What the kernel has in assembly: a symbol without a type.</summary>
    public static string Assembly { get; } = IsX64 ? "entry_SYSCALL_64" : "ret_to_user";

    private static bool Says(string file, string words) => File.Exists(file) && File.ReadAllText(file).Contains(words, StringComparison.Ordinal);
}
