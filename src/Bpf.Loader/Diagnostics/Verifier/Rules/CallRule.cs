using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Calls, callbacks and tail calls that are not allowed like this.</summary>
internal sealed partial class CallRule : IVerifierRule
{
    private const int TailCallHelper = 12; // BPF_FUNC_tail_call

    public BpfFinding? Explain(VerifierCase refusal)
    {
        string verdict = refusal.Verdict;
        TraceStep? circle = Circle(refusal);
        if (circle is not null || TooDeep().IsMatch(verdict)) return OfDepth(refusal, circle);

        if (Argument().Match(verdict) is { Success: true } argument)
        {
            string function = argument.Groups[1].Success ? argument.Groups[1].Value : "the function";
            return refusal.Finding(
                BpfDiagnosticId.CallRefused, $"The arguments do not fit the global function {function}, which is verified by itself.",
                "Of a global function the verifier knows only the types of its parameters: a pointer must point to as many bytes as its type has.", "Pass a pointer to exactly that type, or make the function static, so that it is verified where it is called.");
        }

        if (Parameter().Match(verdict) is { Success: true } parameter)
        {
            string function = parameter.Groups[1].Value;
            VerifiedFunction? global = refusal.Program.Functions.FirstOrDefault(candidate => candidate.Name == function);
            return refusal.FindingAt(
                global is null ? refusal.Last : new TraceStep(0, global.Start, new Operation(), 0, null), BpfDiagnosticId.CallRefused,
                $"The global function {function} has a parameter of a type that this kernel does not take.", "Before 5.13 a global function takes numbers and the context only; since then also pointers to memory whose size its type tells.",
                "Make the function static, so that it is verified where it is called.");
        }

        bool isInCallback = verdict.Contains("cannot tail call within", StringComparison.Ordinal)
            || (verdict.Contains("callback unexpected regs", StringComparison.Ordinal) && refusal.Last?.Operation.Callee == "bpf_tail_call"); // what 6.18 makes of it
        if (isInCallback)
        {
            return refusal.Finding(
                BpfDiagnosticId.CallRefused, "A tail call is made in a callback.", "Nothing behind a tail call runs, and the helper that calls the callback goes on behind it.",
                "Note in the callback what is to be called, return, and make the tail call in the program behind the helper.");
        }

        if (TailCall().Match(verdict) is { Success: true } tail)
        {
            string cure = tail.Value.Contains("int", StringComparison.Ordinal) ? "Let the function that makes it return int."
                : tail.Value.Contains("BTF", StringComparison.Ordinal) ? "Compile with -g, so that the object has BTF."
                : tail.Value.Contains("JIT", StringComparison.OrdinalIgnoreCase) ? "Switch the JIT on (sysctl net.core.bpf_jit_enable=1), or make the tail call in the program itself."
                : "Give back what is held before the tail call: nothing runs behind it.";
            TraceStep? step = refusal.Last ?? refusal.Program.Find((at, code) => code.IsCall && code is { Source: 0, Immediate: TailCallHelper } && refusal.Program.FunctionAt(at) is { Start: > 0 });
            return refusal.FindingAt(step, BpfDiagnosticId.CallRefused, "The tail call is not allowed here.", "Nothing behind a tail call runs, and its caller must be prepared for that.", cure);
        }

        return Callback().IsMatch(verdict)
            ? refusal.Finding(BpfDiagnosticId.CallRefused, "The callback cannot be used like this.", "The kernel calls it with the arguments that the helper is documented with.", "Pass a static function of the program whose parameters are those that the helper's documentation names.")
            : null;
    }

    private static BpfFinding OfDepth(VerifierCase refusal, TraceStep? circle)
    {
        bool isCircle = circle is not null || RecursiveCall().IsMatch(refusal.Verdict);
        return refusal.FindingAt(
            circle ?? refusal.Last, BpfDiagnosticId.CallRefused, isCircle ? "A function calls itself, or others that call it." : "Functions call each other more than 8 deep.",
            "There are 8 frames at most, which share 512 bytes of stack.",
            isCircle ? "Write it as a loop with a bound, keeping what is left to do in an array; or call the program itself by a tail call." : "Inline some of them (`static __always_inline`), or go on in a tail call.");
    }

    // The call of a function that is being executed: the last one, or the one that kernels before 6.x find as an edge back.
    private static TraceStep? Circle(VerifierCase refusal)
    {
        int instruction = BackEdge().Match(refusal.Verdict) is { Success: true } edge && int.TryParse(edge.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int from) ? from
            : TooDeep().IsMatch(refusal.Verdict) && refusal.Last is TraceStep last ? last.Instruction : -1;
        if (refusal.Program.FunctionAt(instruction) is not VerifiedFunction caller) return null;
        bool isCall = BackEdge().Match(refusal.Verdict) is not { Success: true } back || back.Groups[2].Value == caller.Start.ToString(CultureInfo.InvariantCulture);
        return isCall && Array.Exists(caller.Calls, callee => callee == caller.Start) ? new TraceStep(0, instruction, new Operation(), 0, null) : null;
    }

    [GeneratedRegex(@"back-edge from insn (\d+) to (\d+)")]
    private static partial Regex BackEdge();

    [GeneratedRegex(@"recursive call")]
    private static partial Regex RecursiveCall();

    [GeneratedRegex(@"the call stack of \d+ frames is too deep|recursive call")]
    private static partial Regex TooDeep();

    [GeneratedRegex(@"[Aa]rg#\d+ type \S+ in (\w+)\(\) is not supported")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"Caller passes invalid args into func#\d+(?: \('(\w+)'\))?")]
    private static partial Regex Argument();

    [GeneratedRegex(@"tail_call would lead to reference leak|tail_call is only allowed in functions that return 'int'|tail_call is not allowed in subprogs without BTF|tail_calls are not allowed in non-JITed|tail_call abusing map_ptr")]
    private static partial Regex TailCall();

    [GeneratedRegex(@"callback function (?:not allowed for map|not static|cannot be)|callbacks are not allowed in non-JITed|failed callback verification|expected pointer to func|cannot call exception cb")]
    private static partial Regex Callback();
}
