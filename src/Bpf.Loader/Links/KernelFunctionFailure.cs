using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>Finds out why the kernel does not let a function of its own be probed.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelFunctionFailure
{
    /// <summary>Explains a refused probe of a function.</summary>
    /// <param name="operation">The call that was refused.</param>
    /// <param name="errno">How.</param>
    /// <param name="program">The program.</param>
    /// <param name="function">The function; null when it was given as an address.</param>
    /// <param name="target">What was to be attached to, for the message.</param>
    /// <param name="byFtrace">True where only functions that ftrace knows can be probed (kprobe.multi).</param>
    public static BpfAttachException Of(string operation, Errno errno, ProgramToAttach program, string? function, string target, bool byFtrace = false)
    {
        if (function is null || errno is Errno.EPERM or Errno.EACCES)
            return AttachFailure.OfCall(operation, errno, program, target, Capability.PerfMon);

        string cannot = $"The program '{program.Name}' cannot be attached to {target}: ";
        FunctionSearch found = FunctionSearch.For(function);
        int known = found.Count;
        if (known == 0)
        {
            string what = $"{cannot}this kernel has no function '{function}'";
            return found.DescribeVariants() is string made
                ? new BpfAttachException(
                    BpfDiagnosticId.NoSuchKernelFunction, target, $"{what} of its own: the compiler made {made} of it.", Errno.ENOENT, operation,
                    $"Probe {found.Variants[0]}; its arguments may be fewer, and places where it was inlined are not seen.", found.Variants)
                : new BpfAttachException(
                    BpfDiagnosticId.NoSuchKernelFunction, target, $"{what}.", Errno.ENOENT, operation, WhereElse(function), found.Close);
        }

        // EADDRNOTAVAIL since 6.7: a name that several functions bear.
        if (known > 1 && errno == Errno.EADDRNOTAVAIL)
        {
            return new BpfAttachException(
                BpfDiagnosticId.AmbiguousFunction, target, $"{cannot}{known} different functions have that name.", errno, operation,
                "Give the address of the one that is meant, as /proc/kallsyms lists it.");
        }

        // ESRCH is what kprobe.multi says of a symbol that ftrace does not know.
        if (known > 0 && (errno is Errno.EINVAL or Errno.ENOENT or Errno.EILSEQ || (byFtrace && errno == Errno.ESRCH)))
        {
            return new BpfAttachException(
                BpfDiagnosticId.NotTraceable, target, $"{cannot}the kernel has '{function}', but it cannot be probed there ({errno}).", errno, operation, WhyNot(function, byFtrace));
        }

        return AttachFailure.OfCall(operation, errno, program, target, Capability.PerfMon);
    }

    // Neither the kernel nor a module that is loaded has a symbol of the name.
    private static string WhereElse(string function)
    {
        string modules = UnloadedModules.Explain(function, BtfKind.Function) ?? "It may be in a module that is not loaded.";
        return modules.Contains("modprobe", System.StringComparison.Ordinal) ? modules : $"{modules} A function that the compiler inlined wherever it is called has no symbol either: probe one that calls it.";
    }

    private static string WhyNot(string function, bool byFtrace)
    {
        if (ProbeBlacklist.Contains(function) is true) return "It is marked NOKPROBE or noinstr: it is on the kernel's list of functions that must not be probed (kprobes/blacklist in debugfs).";
        if (!byFtrace) return "It is marked notrace or NOKPROBE (see kprobes/blacklist in debugfs), or the offset is not that of an instruction.";
        return TraceableFunctions.Contains(function) switch
        {
            false => "It is not among available_filter_functions in tracefs, because it is marked notrace or NOKPROBE; a kprobe by itself, without multi, may be possible.",
            true => "It is traceable, and the kernel refuses it all the same: several functions may have the name.",
            _ => "It may be marked notrace or NOKPROBE: available_filter_functions in tracefs, which cannot be read, lists what can be traced.",
        };
    }
}
