using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Arithmetic on a pointer that the verifier does not follow, and pointers that would leave the program.</summary>
internal sealed partial class PointerArithmeticRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        int register = match.Groups[1].Success ? match.Groups[1].Value[0] - '0' : Math.Max(last.Operation.Destination, 0);
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        string name = refusal.NameOf(origin) is string named ? $"'{named}'" : "A pointer";
        if (refusal.Verdict.Contains("leaks addr", StringComparison.Ordinal))
        {
            return refusal.Finding(
                BpfDiagnosticId.PointerArithmetic, $"{name} would leave the program: its address must not be seen outside.", "Programs without CAP_PERFMON may not give addresses of the kernel away, and no program may put them where it could not read them as pointers.",
                "Store what it points to, not the address.", refusal.Describe(origin));
        }

        string op = last.Operation.Operator.TrimEnd('=');
        if (refusal.Verdict.Contains("comparison prohibited", StringComparison.Ordinal))
        {
            return refusal.Finding(BpfDiagnosticId.PointerArithmetic, $"{name} is compared with a number.", "Programs without CAP_PERFMON may compare pointers only with NULL.", "Compare it with NULL only.", refusal.Describe(origin));
        }

        bool isTwo = last.Operation.Source >= 0 && refusal.Verdict.Contains("pointer prohibited", StringComparison.Ordinal);
        string what = isTwo
            ? $"Two pointers are combined by '{op}'; the result is no pointer."
            : $"{name} is changed by '{op}', which the verifier does not follow for pointers{(last.Operation.Is32 ? " (the operation is one of 32 bits)" : "")}.";
        return refusal.Finding(
            BpfDiagnosticId.PointerArithmetic, what, "A pointer may be moved by adding or subtracting a bounded 64-bit number, and by nothing else.",
            "Keep the pointer as it is, calculate the offset in a variable of its own, and add that.", refusal.Describe(origin));
    }

    [GeneratedRegex(@"R(\d) (?:pointer arithmetic(?! of map value)|32-bit pointer arithmetic|bitwise operator|subtraction from stack pointer|tried to subtract pointer|pointer \S+ pointer prohibited|pointer comparison prohibited|partial copy of pointer|sign-extension part of pointer|leaks addr|holds [^\n]* (?:Operator|Bitwise|32-bit|This pointer kind)|has pointer with unsupported alu)|subtracts pointer register R(\d)|R(\d) is a stack pointer\. The verifier does not allow")]
    private static partial Regex Form();
}
