using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A register is read that has no value on this way.</summary>
internal sealed partial class NoValueRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        if (last.Operation.Kind == OperationKind.Exit)
            return refusal.Finding(BpfDiagnosticId.NoValue, "The program ends without a return value.", "The kernel reads the result from register R0, which nothing has set on this way.", $"Return a value on each way: `{refusal.Leave}`");
        string register = match.Groups[1].Value;
        if (last.Operation.Kind is OperationKind.CallKernel or OperationKind.CallFunction)
        {
            string function = last.Operation.Callee.Length == 0 ? "the function" : $"{last.Operation.Callee}()";
            return refusal.Finding(BpfDiagnosticId.NoValue, $"Argument {register} of {function} has no value.", "The declaration has fewer parameters than the function, or a variable was never set.", "Compare the declaration with the one in bpf_helpers.h, and set all variables that are passed.");
        }

        return refusal.Finding(
            BpfDiagnosticId.NoValue, "A variable is used that has no value on this way.", "It was never set, or a call has overwritten the register it was in (R1 to R5 do not survive one, which hand-written assembler must heed).",
            "Set it where it is declared.");
    }

    [GeneratedRegex(@"R(\d+) !read_ok")]
    private static partial Regex Form();
}
