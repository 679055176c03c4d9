using System.Text.RegularExpressions;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A function that is only for programs under a GPL-compatible license.</summary>
internal sealed partial class LicenseRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (!Form().IsMatch(refusal.Verdict)) return null;
        string license = refusal.Program.License switch
        {
            null => "the object's license is not one",
            "" => "the object has none",
            string name => $"'{name}' is not one",
        };
        string subject = refusal.Last?.Operation is { Kind: OperationKind.CallKernel, Callee: string helper } ? $"{helper}() is for programs"
            : refusal.Verdict.Contains("kernel function", System.StringComparison.Ordinal) ? "Kernel functions are for programs"
            : refusal.Verdict.Contains("LSM programs", System.StringComparison.Ordinal) ? "LSM programs must be"
            : "This is for programs";
        string what = $"{subject} under a GPL-compatible license; {license}.";
        TraceStep? step = refusal.Last ?? refusal.Program.Find(static (_, code) => code.IsCall && code.Source == BpfPseudo.KernelFunctionCall) ?? refusal.Program.Find(static (_, _) => true);
        return refusal.FindingAt(
            step, BpfDiagnosticId.HelperNeedsGpl, what, "The kernel reads the license from the section 'license' of the object.",
            "Declare it, if your program may be: `char LICENSE[] SEC(\"license\") = \"GPL\";` (or \"Dual MIT/GPL\", \"Dual BSD/GPL\"). Otherwise do without the function.");
    }

    [GeneratedRegex(@"GPL[- ](?:restricted|only)|non-GPL compatible|GPL compatible license")]
    private static partial Regex Form();
}
