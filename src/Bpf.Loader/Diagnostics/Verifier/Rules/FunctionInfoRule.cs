using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>The types of functions that the kernel wants are missing, or do not fit the code.</summary>
internal sealed partial class FunctionInfoRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        bool isMissing = match.Value.StartsWith("missing", StringComparison.Ordinal) || match.Value.Contains("need valid BTF", StringComparison.Ordinal) || match.Value.Contains("has to have BTF", StringComparison.Ordinal);
        return refusal.Finding(
            BpfDiagnosticId.FunctionInfoMissing, isMissing ? "The object has no BTF of its functions or maps, and something in it needs that." : "The types of the functions do not fit the code.",
            isMissing ? "Callbacks, global functions, kernel functions, locks and timers are checked by their types." : "Kernels before 5.13 know no callbacks (bpf_loop() and the like), and count one function less; else the sections were changed after the compilation, or assembler has no prototype.",
            isMissing ? "Compile with -g, and do not strip .BTF and .BTF.ext (llvm-strip -g keeps them)." : "Keep callbacks out of programs for kernels before 5.13 (autoload by version), declare each function with a prototype, and compile all parts with -g.");
    }

    [GeneratedRegex(@"missing btf func_info|missing bpf_line_info|number of funcs in func_info|func_info BTF section doesn't match|Global functions need valid BTF|Invalid (?:BTF of func|type of function)|has to have BTF in order|invalid type id \d+ in func info|BTF of func#\d+|same or smaller insn offset")]
    private static partial Regex Form();
}
