using System;

namespace Bpf.Loader.Kernel;

/// <summary>What the names of symbols of code tell of them.</summary>
internal static class KernelFunctionName
{
    /// <summary>
    /// True for symbols that the build of the kernel puts beside functions or between them, which nobody can probe: the padding before
    /// a function (<c>__pfx_</c>, 6.2), types for control-flow integrity (<c>__cfi_</c>), static calls, places where a weak function was.
    /// </summary>
    public static bool IsMadeByTheBuild(ReadOnlySpan<byte> name) =>
        name.StartsWith("__pfx_"u8) || name.StartsWith("__cfi_"u8) || name.StartsWith("__kcfi_typeid_"u8)
        || name.StartsWith("__SCT__"u8) || name.StartsWith("__SCK__"u8) || name.StartsWith("__tp_str"u8)
        || name.StartsWith("__ftrace_invalid_address___"u8) || name.StartsWith("__initstub__"u8) || name.StartsWith("__pi_"u8)
        || name.StartsWith("__ksymtab_"u8) || name.StartsWith("__kstrtab"u8) || name.StartsWith("__crc_"u8)
        || name.StartsWith("."u8) || name.StartsWith("$"u8) || name.EndsWith(".cold"u8) || name.IndexOf(".cold."u8) >= 0;
}
