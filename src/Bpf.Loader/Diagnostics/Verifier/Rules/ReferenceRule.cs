using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>The program ends, or calls another, while it holds something that it must give back.</summary>
internal sealed partial class ReferenceRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (Unreleased().Match(refusal.Verdict) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int instruction)) return null;
        TraceStep? taken = refusal.Trace.Steps.LastOrDefault(step => step.Instruction == instruction);
        string function = taken?.Operation.Callee is { Length: > 0 } callee ? callee : "a function";
        var origin = new ValueOrigin(ValueOriginKind.Result, taken);
        string subject = taken is not null && refusal.NameOf(origin) is string named ? $"'{named}', which {function}() gave," : $"What {function}() gave";
        bool isTailCall = refusal.Last?.Operation.Callee == "bpf_tail_call";
        string release = Acquisition.ReleaseOf(function) is string known ? Acquisition.Words(known) : "the function that gives it back";
        return refusal.Finding(
            BpfDiagnosticId.ReferenceKept, $"{subject} is not given back {(isTailCall ? "before the tail call" : "on this way out")}.",
            isTailCall ? "Nothing runs behind a tail call, and the kernel would keep it for ever." : $"The kernel would keep it for ever{(function.EndsWith("_dynptr", StringComparison.Ordinal) ? "; a dynptr is taken even where the call failed" : "")}.",
            $"Call {release} before {(isTailCall ? "it" : "leaving here too")}.",
            [new BpfOrigin($"taken by {function}()", refusal.PlaceOf(taken)), .. refusal.WayOut(taken)]);
    }

    [GeneratedRegex(@"(?:Unreleased|Leaking) reference id=\d+ alloc_insn=(\d+)")]
    private static partial Regex Unreleased();
}
