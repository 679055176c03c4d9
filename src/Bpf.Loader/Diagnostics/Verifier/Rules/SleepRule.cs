using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A function that may sleep, in a program that may not.</summary>
internal sealed partial class SleepRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Verdict.Contains("programs can be sleepable", StringComparison.Ordinal))
        {
            return refusal.FindingAt(
                refusal.Program.Find(static (_, _) => true), BpfDiagnosticId.HelperMaySleep, "Programs of this section may not sleep on this kernel.",
                "At first only fentry, fexit, fmod_ret and LSM programs could (kernel 5.10); uprobes can since 6.0.", "Drop the '.s' from the section's name and what sleeps from the program, or run it on a newer kernel.");
        }

        if (!Form().IsMatch(refusal.Verdict)) return null;
        string function = refusal.Last?.Operation is { Kind: OperationKind.CallKernel, Callee: string callee } ? callee : "";
        string section = refusal.Program.Section;
        string what = function.Length == 0 ? "This may sleep, and the program may not." : $"{function}() may sleep, and this program may not.";
        string instead = function.StartsWith("bpf_copy_from_user", StringComparison.Ordinal) ? $" Or use bpf_probe_read_user{(function.EndsWith("_str", StringComparison.Ordinal) ? "_str" : "")}(), which fails where a page is not in memory." : "";
        int slash = section.IndexOf('/');
        string kind = slash < 0 ? section : section[..slash];
        string cure = kind is "fentry" or "fexit" or "fmod_ret" or "lsm" or "iter" or "uprobe" or "uretprobe" or "usdt" or "uprobe.multi"
            ? $"Put the program into SEC(\"{kind}.s{(slash < 0 ? "" : section[slash..])}\"), where it may sleep.{instead}"
            : $"Programs of these sections may sleep: fentry.s, lsm.s, iter.s, uprobe.s (6.0), syscall.{instead}";
        return refusal.Finding(BpfDiagnosticId.HelperMaySleep, what, section.Length == 0 ? null : $"SEC(\"{section}\") runs where the kernel must not wait.", cure);
    }

    [GeneratedRegex(@"might sleep in a non-sleepable|in non-sleepable prog|must be sleepable to call|is not sleepable")]
    private static partial Regex Form();
}
