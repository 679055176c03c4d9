using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// Skips a test where the kernel is built without what it needs. What the kernel has is told by its symbols, not by the library
/// that is tested: where the code is there, the test must pass.
/// </summary>
internal static class Requires
{
    public static void Function(string function, string what) =>
        Assert.SkipUnless(KernelSymbols.Find([function]).TryGet(function, out _), $"this kernel is built without {what}");

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
}
