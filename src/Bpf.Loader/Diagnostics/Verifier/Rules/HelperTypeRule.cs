using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A helper that programs of this type may not call, or that the kernel does not have.</summary>
internal sealed partial class HelperTypeRule : IVerifierRule
{
    private const int MostNames = 6;

    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not { Operation.Kind: OperationKind.CallKernel } last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        string helper = last.Operation.Callee;
        int number = last.Operation.CalleeNumber;
        if (helper == "unknown" || match.Value.StartsWith("invalid func", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.MissingHelper, $"The program calls helper {number}, which this kernel does not have.", "Helpers are numbered in the order in which kernels got them.",
                $"Ask before the call (`bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_...)`), or run it on a newer kernel.");
        }

        IReadOnlyList<BpfProgramType> types = refusal.Program.AskTypesOfHelper?.Invoke(number) ?? [];
        string kind = refusal.Program.Type == BpfProgramType.Unspecified ? "this type" : $"type {refusal.Program.Type}";
        string? cause = types.Count == 0
            ? null
            : $"On this kernel programs of these types may: {string.Join(", ", types.Take(MostNames))}{(types.Count > MostNames ? $" and {types.Count - MostNames} more" : "")}.";
        return refusal.Finding(BpfDiagnosticId.HelperNotForType, $"Programs of {kind} cannot call {helper}().", cause ?? "Each type of program has helpers of its own.", HelperAdvice.Instead(helper, refusal.Program.Type) ?? "Move this work to a program of a type that may, or use another helper.");
    }

    [GeneratedRegex(@"unknown func \S+#\d+|program of this type cannot use helper|invalid func \S+#\d+|func \S+#\d+ not supported for program type|func \S+#\d+ supported only for|helper call is not allowed in probe|kernel subsystem misconfigured func")]
    private static partial Regex Form();
}
