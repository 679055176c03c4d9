using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A loop that the verifier went through.</summary>
/// <param name="Back">The last jump back to its beginning.</param>
/// <param name="Head">Its first instruction.</param>
internal sealed record Loop(TraceStep Back, int Head)
{
    private const int FewRounds = 32;

    /// <summary>Finds the outermost loop that had so many rounds; null when none had.</summary>
    public static Loop? Find(VerifierTrace trace, int rounds)
    {
        // Blocks of a body may stand in any order, so that not every jump back begins a round: the one that goes back farthest does.
        var taken = new Dictionary<int, int>();
        Loop? found = null;
        for (int i = 0; i + 1 < trace.Steps.Count; i++)
        {
            TraceStep step = trace.Steps[i], next = trace.Steps[i + 1];
            if (step.Operation.Kind is not (OperationKind.Branch or OperationKind.Jump) || step.Frame != next.Frame || next.Instruction > step.Instruction) continue;
            taken[next.Instruction] = taken.GetValueOrDefault(next.Instruction) + 1;
            if (taken[next.Instruction] >= rounds && (found is null || next.Instruction <= found.Head)) found = new Loop(step, next.Instruction);
        }

        // A loop of one round in which nothing changes is refused at its jump.
        return found is null && rounds == 1 && trace.Last is { Operation: { Kind: OperationKind.Branch or OperationKind.Jump, Jump: < 0 } operation } last
            ? new Loop(last, last.Instruction + 1 + operation.Jump)
            : found;
    }

    /// <summary>The comparison with a fixed number that ends it; null when none does.</summary>
    public TraceStep? FixedEnd(VerifierTrace trace)
    {
        int tail = Back.Instruction;
        for (int i = Back.Index; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame != Back.Frame) continue;
            if (step.Instruction < Head || step.Instruction > tail) break;
            if (step.Operation is not { Kind: OperationKind.Branch, Immediate: not null } branch) continue;
            int target = step.Instruction + 1 + branch.Jump;
            bool leaves = target < Head || target > tail || (target <= step.Instruction && step.Instruction == tail);
            // The way out may lie between the blocks of the body; a count that is compared with a large number is a loop's, too.
            if ((leaves || branch.Immediate >= FewRounds) && Counts(trace, step, branch.Source)) return step;
        }

        return null;
    }

    /// <summary>The slot of the stack that the loop's counter is kept in while its address is given to a helper, which makes its value unknown; null when it is not.</summary>
    public (TraceStep Comparison, string Helper)? CounterGivenAway(VerifierTrace trace)
    {
        foreach (TraceStep step in trace.Steps)
        {
            if (!Holds(step) || step.Operation is not { Kind: OperationKind.Branch, Immediate: not null } || SlotOf(trace, step, step.Operation.Source) is not int slot) continue;
            bool isGiven = false;
            foreach (TraceStep other in trace.Steps)
            {
                if (!Holds(other)) continue;
                isGiven |= other.Operation is { Kind: OperationKind.Arithmetic, Operator: "+=" } sum && sum.Immediate == slot;
                if (isGiven && other.Operation.Kind == OperationKind.CallKernel) return (step, other.Operation.Callee);
            }
        }

        return null;
    }

    /// <summary>Whether its body has ways of its own, beside the one out of it.</summary>
    public bool HasBranches(VerifierTrace trace)
    {
        int first = -1;
        foreach (TraceStep step in trace.Steps)
        {
            if (!Holds(step) || step.Operation.Kind != OperationKind.Branch || step.Instruction == first) continue;
            if (first >= 0) return true;
            first = step.Instruction;
        }

        return false;
    }

    private bool Holds(TraceStep step) => step.Frame == Back.Frame && step.Instruction >= Head && step.Instruction <= Back.Instruction;

    // The slot that a register was loaded from, with what was added since.
    private static int? SlotOf(VerifierTrace trace, TraceStep before, int register)
    {
        for (int i = before.Index - 1; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame != before.Frame || !step.Operation.Writes(register)) continue;
            if (step.Operation is { Kind: OperationKind.Load, Base: 10 }) return step.Operation.Offset;
            if (step.Operation.Kind == OperationKind.Copy) register = step.Operation.Source;
            else if (step.Operation is not { Kind: OperationKind.Arithmetic, Immediate: not null }) return null;
        }

        return null;
    }

    // Whoever counts down ends where it should, and begins at a number that may not be known.
    private bool StartsFixed(VerifierTrace trace, int register)
    {
        int first = 0;
        while (first < trace.Steps.Count && (trace.Steps[first].Frame != Back.Frame || trace.Steps[first].Instruction != Head)) first++;
        for (int i = first - 1; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame != Back.Frame || !step.Operation.Writes(register)) continue;
            if (step.Operation.Kind != OperationKind.Copy) return step.Operation.Kind == OperationKind.Constant;
            register = step.Operation.Source;
        }

        return false;
    }

    // What is compared is what each round adds to.
    private bool Counts(VerifierTrace trace, TraceStep branch, int register)
    {
        for (int i = branch.Index; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame != branch.Frame || !step.Operation.Writes(register)) continue;
            if (step.Instruction < Head || step.Instruction > Back.Instruction) return false;
            if (step.Operation is { Operator: "+=" or "-=", Immediate: long number }) return (step.Operation.Operator == "+=") == (number > 0) || StartsFixed(trace, register);
            if (step.Operation.Kind != OperationKind.Copy) return false;
            register = step.Operation.Source;
        }

        return false;
    }
}
