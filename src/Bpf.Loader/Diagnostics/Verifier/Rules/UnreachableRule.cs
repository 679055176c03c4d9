using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Instructions that nothing reaches, and jumps that leave the program.</summary>
internal sealed partial class UnreachableRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int instruction);
        var step = new TraceStep(0, instruction, new Operation(), 0, null);
        return match.Value.StartsWith("unreachable", System.StringComparison.Ordinal)
            ? refusal.FindingAt(step, BpfDiagnosticId.CodeUnreachable, "Nothing reaches this code.", "A loop without an exit before it, or a function that never returns; kernels take no dead code from programs without privileges, and none that no jump leads to.", "Let the loop end, or remove what stands behind it.")
            : refusal.FindingAt(step, BpfDiagnosticId.CodeUnreachable, "The program does not end in a return on every way.", "A function without a return statement: clang lets its undefined behaviour run into what stands behind it.", $"End each function with a return: `{refusal.Leave}` (-Wall names such functions).");
    }

    [GeneratedRegex(@"unreachable insn (\d+)|jump out of range from insn (\d+)|last insn is not an exit or jmp|invalid insn idx (\d+)")]
    private static partial Regex Form();
}
