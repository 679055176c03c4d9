using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A kernel function that this program may not call, or not with these arguments.</summary>
internal sealed partial class KernelFunctionRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        string function = refusal.Last?.Operation is { Kind: OperationKind.CallKernel, Callee: { Length: > 0 } callee } ? callee : match.Groups[1].Success ? match.Groups[1].Value : "the kernel function";
        string verdict = refusal.Verdict;
        if (verdict.Contains("is not allowed", StringComparison.Ordinal))
        {
            string program = refusal.Program.Type == BpfProgramType.Unspecified ? "This program" : $"A program of type {refusal.Program.Type}";
            return refusal.Finding(
                BpfDiagnosticId.KernelFunctionRefused, $"{program} may not call {function}().", "The kernel registers each of its functions for certain types of program.",
                "Call it in a program of another type (most are for fentry, tp_btf, LSM and syscall programs, since 6.x for more), or use a helper.");
        }

        if (verdict.Contains("not supported without", StringComparison.Ordinal) || verdict.Contains("JIT", StringComparison.Ordinal))
            return refusal.Finding(BpfDiagnosticId.KernelFunctionRefused, $"This kernel cannot call {function}() from programs.", verdict.Split('\n')[0], "Kernel functions need CONFIG_DEBUG_INFO_BTF and the JIT (sysctl net.core.bpf_jit_enable=1).");
        if (verdict.Contains("destructive", StringComparison.Ordinal)) return refusal.Finding(BpfDiagnosticId.KernelFunctionRefused, $"{function}() can harm the system, and wants CAP_SYS_BOOT.", null, "Run with CAP_SYS_BOOT, or do without it.");
        return Argument(refusal, function);
    }

    private static BpfFinding Argument(VerifierCase refusal, string function)
    {
        const int First = 1;
        string verdict = refusal.Verdict;
        Match argument = ArgumentForm().Match(verdict);
        bool isRelease = ReleaseForm().IsMatch(verdict);
        int? register = argument.Success ? argument.Groups[1].Value[0] - '0' + (argument.Value.StartsWith('R') ? 0 : 1) : isRelease ? First : null;
        ValueOrigin? origin = register is int number && refusal.Last is TraceStep last ? refusal.Provenance.Of(last, number) : null;
        string name = origin is not null && refusal.NameOf(origin) is string named ? $"'{named}'" : register is not null ? "An argument" : "What it is given";
        (string what, string cause, string cure) = isRelease ? NotAcquired(name, function) : NotTaken(verdict, $"{name} is not what {function}() takes: it wants", origin);
        return refusal.Finding(BpfDiagnosticId.KernelFunctionRefused, what, cause, cure, origin is null ? [] : [refusal.Describe(origin)]);
    }

    private static (string What, string Cause, string Cure) NotAcquired(string name, string function) => (
        $"{name} was not acquired, and {function}() gives back what was.",
        "What a program was given, or has read, is not its own: only what a function acquired is given back, and once.",
        "Remove the call; or acquire it first, ask for NULL, and give that back.");

    private static (string What, string Cause, string Cure) NotTaken(string verdict, string wants, ValueOrigin? origin)
    {
        if (TypeForm().Match(verdict) is { Success: true } type)
        {
            string what = $"{wants} a pointer to struct {type.Groups[1].Value} that the kernel gave.";
            return origin?.Callee is "bpf_get_current_task"
                ? (what, "bpf_get_current_task() gives the task's address as a number.", "Use bpf_get_current_task_btf() (kernel 5.11), which gives a pointer with its type.")
                : (what, "A number, or a pointer into memory of the program, is no object of the kernel.", "Pass an argument of the hook, or the result of a kernel function, as it is.");
        }

        if (verdict.Contains("referenced or trusted", StringComparison.Ordinal) || verdict.Contains("rcu pointer", StringComparison.Ordinal))
        {
            return (
                $"{wants} a pointer that the kernel guarantees to live: one that the program was given as an argument, or that a function acquired.",
                "What was read from memory may be gone by the time that the function is called.",
                "Acquire it first (bpf_task_acquire(), bpf_rcu_read_lock() around the access, ...) and ask for NULL.");
        }

        return (
            $"{wants} what its declaration in the kernel says.", "Kernel functions have types, and the verifier compares them.",
            "Compare the declaration with the kernel's (`bpf btf dump`), and pass what it wants.");
    }

    [GeneratedRegex(@"calling (?:kernel function|kfunc) (\S+) is not allowed|calling (?:kernel function|kfunc)s? (?:is|are) not (?:supported|allowed)|JIT (?:does not support|is required for) calling kernel|(?:kernel function|kfunc) (\S+) args?#|(?:arg#\d+|R\d) (?:must be|is neither|expected|pointer type|doesn't point|has no valid kptr|should be|is expected|type \S+ \S+ must)|destructive kfunc|cannot find address for kernel function|expected an? (?:initialized|RCU|uninitialized)|(?:kernel function|kfunc) \S+ |dynptr")]
    private static partial Regex Form();

    // The newest kernels call them kfuncs.
    [GeneratedRegex("release (?:kernel function|kfunc) ")]
    private static partial Regex ReleaseForm();

    [GeneratedRegex(@"STRUCT (\w+) must point to")]
    private static partial Regex TypeForm();

    [GeneratedRegex(@"(?:arg#?|args#|R)(\d)")]
    private static partial Regex ArgumentForm();
}
