using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// Skips a test where the kernel is built without what it needs. What the kernel has is told by its symbols, not by the library
/// that is tested: where the code is there, the test must pass.
/// </summary>
internal static class Requires
{
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal);

    private static DateTime _read;

    public static void Function(string function, string what) =>
        Assert.SkipUnless(Has(function), $"this kernel is built without {what}");

    /// <summary>Whether the kernel, or a module that is loaded, has a function. The symbols are read once, and again for what is not there.</summary>
    public static bool Has(string function) => Functions.Contains(function) || Read().Contains(function);

    public static void Kprobes() => Function("perf_kprobe_init", "kprobes");

    public static void Fprobe() => Function("register_fprobe_ips", "fprobe");

    /// <summary>
    /// Programs at kernel functions and security hooks. A kernel hardened for virtual machines that forbids them to everybody (EPERM
    /// with an empty log) is known by having no kprobes either.
    /// </summary>
    public static void Trampolines()
    {
        Function("register_ftrace_direct", "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
        Kprobes();
    }

    public static void UprobeMulti() => Function("bpf_uprobe_multi_link_attach", "uprobe.multi (Linux 6.6)");

    public static void PerfLinks() => Function("bpf_perf_link_attach", "links of perf events (Linux 5.15)");

    private static HashSet<string> Read()
    {
        // Modules come while tests run, but not often: what was missing a moment ago is missing still.
        if (DateTime.UtcNow - _read < TimeSpan.FromSeconds(30)) return Functions;
        using KernelSymbolReader symbols = KernelSymbolReader.Open();
        while (symbols.TryRead(out KernelSymbol symbol))
        {
            if ((symbol.Kind | 0x20) is (byte)'t' or (byte)'w') Functions.Add(Encoding.UTF8.GetString(symbol.Name));
        }

        _read = DateTime.UtcNow;
        return Functions;
    }
}
