using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A loop whose end the verifier does not see, and a program that is too much for it.</summary>
internal sealed partial class LoopRule : IVerifierRule
{
    private const int ManyRounds = 6;

    private const string Bounded = "Bound it by a constant as well (`for (i = 0; i < 1000 && i < n; i++)`), or use bpf_loop() (kernel 5.17), bpf_for() (6.4) or may_goto (6.9).";

    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (BackEdge().IsMatch(refusal.Verdict))
        {
            Loop? circle = Loop.Find(refusal.Trace, 1);
            if (circle is not null && CounterGivenAway(refusal, circle) is BpfFinding lost) return lost;
            return refusal.FindingAt(circle?.Back ?? refusal.Last, BpfDiagnosticId.LoopWithoutEnd, "This loop has no end that the verifier can see.", "Each round begins in the same state as the one before, or the kernel takes no loops at all (before 5.3, and in programs without privileges).", Bounded);
        }

        // Before 6.4 a log that does not fit loses its end, with the verdict and the statistics; what looks like one is the piece of a line.
        bool isPiece = refusal.Verdict.Length == 0 || refusal.Errno == Errno.E2BIG || !refusal.Log.EndsWith('\n');
        bool isCut = isPiece && refusal.Trace.Processed == 0 && Loop.Find(refusal.Trace, ManyRounds) is not null;
        bool isTooLarge = isCut || TooLarge().IsMatch(refusal.Verdict) || (refusal.Errno == Errno.E2BIG && refusal.Verdict.Length == 0);
        if (!isTooLarge && !TooManyJumps().IsMatch(refusal.Verdict)) return null;
        long looked = TooLarge().Match(refusal.Verdict) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : refusal.Trace.Processed;
        string effort = isTooLarge
            ? $"it looked at {(looked == 0 ? "a million" : looked.ToString(CultureInfo.InvariantCulture))} instructions (1000000 is the limit)"
            : "it has more than 8192 ways still to look at (8192 is the limit)";
        if (Loop.Find(refusal.Trace, ManyRounds) is not Loop loop)
        {
            return refusal.Finding(
                BpfDiagnosticId.TooComplex, $"The program is too complex for the verifier: {effort}.", "Each way through its branches is looked at by itself, unless two meet in the same state.",
                "Split it by tail calls, or put parts into functions that are not static (verified once, by themselves), or into bpf_loop() (kernel 5.17).");
        }

        if (CounterGivenAway(refusal, loop) is BpfFinding given) return given;
        if (loop.FixedEnd(refusal.Trace) is TraceStep end)
        {
            return refusal.FindingAt(
                end, BpfDiagnosticId.TooComplex, $"This loop is too much for the verifier, which goes through each round: {effort}.",
                $"It ends at {end.Operation.Immediate}, and each branch in its body doubles the ways.",
                "Make fewer rounds, put the body into bpf_loop() (kernel 5.17), where it is verified once, or split the work by tail calls.");
        }

        if (!isTooLarge && loop.HasBranches(refusal.Trace))
        {
            return refusal.FindingAt(
                loop.Back, BpfDiagnosticId.TooComplex, $"This loop is too much for the verifier, which goes through each round: {effort}.",
                "Each branch in its body doubles the ways, and no fixed number of rounds ends it that the verifier sees.", "Bound it by a small constant, or put the body into bpf_loop() (kernel 5.17), where it is verified once.", EndOf(refusal, loop));
        }

        return refusal.FindingAt(
            loop.Back, BpfDiagnosticId.LoopWithoutEnd, "The verifier cannot see where this loop ends.", $"Its end depends on a number that is only known when the program runs. The verifier goes round by round: {effort}.", Bounded, EndOf(refusal, loop));
    }

    private static BpfFinding? CounterGivenAway(VerifierCase refusal, Loop loop) => loop.CounterGivenAway(refusal.Trace) is not (TraceStep comparison, string helper) ? null : refusal.FindingAt(
        comparison, BpfDiagnosticId.LoopWithoutEnd, "The verifier loses the counter of this loop, and sees no end.", $"Its address is given to {helper}(), so that it is kept on the stack, where its value is not followed.",
        $"Give {helper}() a copy: `__u32 key = i;` in the body. Or use bpf_loop() (kernel 5.17), bpf_for() (6.4).");

    // What the loop counts to.
    private static BpfOrigin[] EndOf(VerifierCase refusal, Loop loop)
    {
        TraceStep branch = loop.Back;
        foreach (int register in (ReadOnlySpan<int>)[branch.Operation.Source, branch.Operation.Other])
        {
            if (register < 0) continue;
            ValueOrigin origin = refusal.Provenance.Of(branch, register);
            if (origin.Kind == ValueOriginKind.Unknown && MadeBefore(refusal.Program.Instructions, loop.Head, register) is TraceStep call) origin = new ValueOrigin(ValueOriginKind.Result, call);
            if (origin.Kind is not (ValueOriginKind.Constant or ValueOriginKind.Unknown)) return [refusal.Describe(origin)];
        }

        return [];
    }

    // A log that rolls over has lost what was before the loop, and the instructions tell: the call of a helper that made the value.
    private static TraceStep? MadeBefore(IReadOnlyList<BpfInstruction> code, int head, int register)
    {
        for (int i = Math.Min(head, code.Count) - 1; i >= 0; i--)
        {
            BpfInstruction instruction = code[i];
            if (instruction.Code == 0) continue; // the second half of a 64-bit number
            if (instruction.IsCall)
                return register != 0 || instruction.Source != 0 || BpfHelper.GetName(instruction.Immediate) is not string helper ? null : new TraceStep(0, i, Operation.Parse($"call {helper}#{instruction.Immediate}"), 0, null);
            if (instruction.Destination != register || instruction.Class is not (BpfOpCode.Alu32 or BpfOpCode.Alu64 or BpfOpCode.LoadRegister or BpfOpCode.Load)) continue;
            bool isCopy = instruction.Class is BpfOpCode.Alu32 or BpfOpCode.Alu64 && (instruction.Code & 0xf0) == (byte)BpfAluOperation.Move;
            if (isCopy && (instruction.Code & BpfOpCode.SourceRegister) != 0) register = instruction.Source;
            else if (isCopy || instruction.Class is BpfOpCode.LoadRegister or BpfOpCode.Load) return null;
        }

        return null;
    }

    [GeneratedRegex(@"infinite loop detected at insn|back-edge from insn|bpf_loop iteration limit|too many iterations")]
    private static partial Regex BackEdge();

    [GeneratedRegex(@"BPF program is too large\. Processed (\d+) insn")]
    private static partial Regex TooLarge();

    [GeneratedRegex(@"The sequence of \d+ jumps is too complex")]
    private static partial Regex TooManyJumps();
}
