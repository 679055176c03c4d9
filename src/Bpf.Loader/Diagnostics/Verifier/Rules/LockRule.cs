using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A lock, or a section of RCU, without preemption or interrupts, is left open, or does what is not allowed there.</summary>
internal sealed partial class LockRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        string verdict = refusal.Verdict;
        (string word, string leave)? section = Section(verdict);
        if (section is not (string enter, string unlock)) return null;
        TraceStep? taken = refusal.Trace.Steps.LastOrDefault(step => step.Operation.Callee.Contains(enter, StringComparison.Ordinal) && !step.Operation.Callee.Contains("unlock", StringComparison.Ordinal));
        BpfOrigin[] origins = taken is null ? [] : [new BpfOrigin($"{taken.Operation.Callee}()", refusal.PlaceOf(taken))];
        if (verdict.Contains("without taking", StringComparison.Ordinal) || verdict.Contains("unmatched", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.LockHeld, $"{unlock}() is called where nothing is locked on this way.", "What is given back must have been taken on every way that leads here.",
                "Let each way through the program lock and unlock in pairs.", origins);
        }

        string function = refusal.Last?.Operation is { Kind: OperationKind.CallKernel } call ? $"{call.Callee}()" : "a function";
        if (verdict.Contains("calls are not allowed", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.LockHeld, $"{function} is called while a lock is held.", "Between bpf_spin_lock() and bpf_spin_unlock() the kernel allows no other call.",
                $"Call it before the lock and keep the result in a variable, or behind {unlock}().", origins);
        }

        if (verdict.Contains("two bpf_spin_locks", StringComparison.Ordinal) || verdict.Contains("Locking two", StringComparison.Ordinal) || verdict.Contains("same lock again", StringComparison.Ordinal))
        {
            return refusal.Finding(BpfDiagnosticId.LockHeld, "A second lock is taken while one is held.", "A program may hold one lock at a time.", $"Call {unlock}() first.", origins);
        }

        if (verdict.Contains("sleepable", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.LockHeld, $"{function} may sleep, and is called while {Words(enter)}.", "Whoever sleeps there would keep all others waiting.", $"Call it behind {unlock}(), or use a function that does not sleep.", origins);
        }

        if (refusal.Last?.Operation.Kind == OperationKind.Exit) origins = [.. origins, .. refusal.WayOut(taken)];
        string what = refusal.Last?.Operation.Kind == OperationKind.Exit ? $"The program ends on a way where {Words(enter)}." : $"This is not allowed while {Words(enter)}.";
        return refusal.Finding(BpfDiagnosticId.LockHeld, what, "Nobody would give it back, and all others would wait.", $"Call {unlock}() before, on this way too.", origins);
    }

    private static (string Enter, string Leave)? Section(string verdict)
    {
        if (!Form().IsMatch(verdict)) return null;
        if (verdict.Contains("rcu", StringComparison.OrdinalIgnoreCase)) return ("bpf_rcu_read_lock", "bpf_rcu_read_unlock");
        if (verdict.Contains("preempt", StringComparison.Ordinal)) return ("bpf_preempt_disable", "bpf_preempt_enable");
        return verdict.Contains("irq", StringComparison.Ordinal) ? ("bpf_local_irq_save", "bpf_local_irq_restore") : ("spin_lock", "bpf_spin_unlock");
    }

    private static string Words(string enter) => enter switch
    {
        "spin_lock" => "a lock is held",
        "bpf_rcu_read_lock" => "a section of RCU is open (bpf_rcu_read_lock)",
        "bpf_preempt_disable" => "preemption is off",
        _ => "interrupts are off",
    };

    [GeneratedRegex(@"-ed region|while holding a lock|bpf_spin_unlock is missing|bpf_rcu_read_unlock is missing|Locking two|same lock again|without taking a lock|unmatched (?:rcu|attempt)|unlock of different lock|preempt_enable\S* missing|(?:non-preemptible|rcu_read_lock) region|with preemption disabled")]
    private static partial Regex Form();
}
