using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>The stack of a function, or of functions that call each other, is larger than 512 bytes.</summary>
internal sealed partial class StackDepthRule : IVerifierRule
{
    private const int Limit = 512; // MAX_BPF_STACK, include/linux/filter.h
    private const int DeepestCalls = 8; // MAX_CALL_FRAMES

    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        string total = match.Groups.Values.Skip(1).First(group => group.Success).Value;
        bool isBeforeTailCall = refusal.Verdict.Contains("tail_call", System.StringComparison.Ordinal);
        List<VerifiedFunction> chain = Deepest(refusal.Program, 0, DeepestCalls);
        string functions = string.Join(" -> ", chain.Select(function => $"{function.Name} {function.StackBytes}"));
        string what = isBeforeTailCall
            ? $"The functions before a tail call have {total} bytes on the stack together; 256 are allowed there."
            : chain.Count > 1
                ? $"The functions that call each other have {total} bytes on the stack together; {Limit} are allowed."
                : $"A function has {total} bytes on the stack; {Limit} are allowed.";
        TraceStep? step = chain.Count == 0 ? null : new TraceStep(0, chain.MaxBy(function => function.StackBytes)!.Start, new Operation(), 0, null);
        return refusal.FindingAt(
            step, BpfDiagnosticId.StackTooLarge, what, functions.Length == 0 ? null : $"Bytes by function: {functions}; the kernel rounds each up to a multiple of 16 or 32.",
            "Put large variables into a per-CPU array of one element or a global variable, or call the functions one after the other.");
    }

    // The chain of calls with the most bytes.
    private static List<VerifiedFunction> Deepest(VerifiedProgram program, int start, int depth)
    {
        VerifiedFunction? function = program.FunctionAt(start);
        if (function is null || depth == 0) return [];
        List<VerifiedFunction> best = [];
        foreach (int callee in function.Calls)
        {
            List<VerifiedFunction> chain = Deepest(program, callee, depth - 1);
            if (chain.Sum(part => part.StackBytes) > best.Sum(part => part.StackBytes)) best = chain;
        }

        return [function, .. best];
    }

    [GeneratedRegex(@"combined stack size of \d+ calls is (\d+)|stack size (?:of subprog \d+ is )?(\d+)\S*(?:\(extra \d+\))? ?(?:is too large|\. Too large|Too large)|when call stack of previous frames is (\d+) bytes")]
    private static partial Regex Form();
}
