using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A number that was added to a pointer: where it comes from, and what the program did to bound it.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Scale">How many bytes one is.</param>
/// <param name="Largest">How large the program lets it become; null when nothing says.</param>
/// <param name="IsSigned">Whether the program compares it as a signed number only.</param>
/// <param name="Check">What bounds it: a comparison, a mask, a remainder.</param>
internal sealed record IndexUse(ValueOrigin Origin, int Scale, long? Largest, bool IsSigned, TraceStep? Check)
{
    /// <summary>Finds the number in the way of a pointer; null when only fixed numbers were added.</summary>
    public static IndexUse? Find(VerifierCase refusal, TraceStep last, int register, ValueOrigin memory)
    {
        // The verifier refuses either the addition itself or the access behind it; the compiler may add the pointer to the index, too.
        TraceStep? addition = last.Operation is { Kind: OperationKind.Arithmetic, Operator: "+=" or "-=", Source: >= 0 } ? last : memory.Arithmetic.FirstOrDefault(step => step.Operation.Source >= 0);
        int index = addition?.Operation.Source ?? -1;
        if (addition is null) return null;
        ValueOrigin origin = refusal.Provenance.Of(addition, index);
        if (IsPointer(origin))
        {
            index = addition.Operation.Destination;
            origin = refusal.Provenance.Of(addition, index);
        }

        int scale = 1;
        long? largest = null; // in bytes, until the scale is known
        bool isSigned = false;
        TraceStep? check = null;
        foreach (TraceStep step in origin.Arithmetic)
        {
            if (step.Operation.Immediate is not long number) continue;
            switch (step.Operation.Operator)
            {
                case "<<=" when number < 16:
                    scale <<= (int)number;
                    break;
                case "*=":
                    scale *= (int)Math.Clamp(number, 1, 1 << 16);
                    break;
                case "s>>=":
                    isSigned = true;
                    break;
                case "%=" when largest is null:
                    (largest, check) = ((number - 1) * scale, step);
                    break;
                case "&=" when number > 0 && largest is null:
                    (largest, check) = (number * scale, step);
                    break;
            }
        }

        largest /= scale;

        // The compiler extends the sign of a 32-bit number by a pair of shifts by 32, which is no scale.
        if (FindComparison(refusal, origin, addition) is (TraceStep compared, long bound, bool signed) && largest is null)
            (check, largest, isSigned) = (compared, signed ? null : bound, signed);
        else if (check is not null) isSigned = false;
        return new IndexUse(origin, scale, largest, isSigned, check);
    }

    /// <summary>The way of the number, the nearest first.</summary>
    public IEnumerable<BpfOrigin> Origins(VerifierCase refusal)
    {
        if (Check is not null) yield return new BpfOrigin(Check.Operation.Kind == OperationKind.Branch ? "the comparison" : $"`{Check.Operation.Operator} {Check.Operation.Immediate}`", refusal.PlaceOf(Check));
        if (Origin.Step is not null || Origin.Kind != ValueOriginKind.Unknown) yield return refusal.Describe(Origin);
    }

    // A comparison of the same value with a number that the way passed: above it, the program leaves.
    private static (TraceStep Step, long Bound, bool IsSigned)? FindComparison(VerifierCase refusal, ValueOrigin origin, TraceStep addition)
    {
        for (int i = addition.Index - 1; i > (origin.Step?.Index ?? -1); i--)
        {
            TraceStep step = refusal.Trace.Steps[i];
            if (step.Frame != addition.Frame || step.Operation is not { Kind: OperationKind.Branch, Immediate: long number } branch || branch.Operator is "==" or "!=") continue;
            ValueOrigin compared = refusal.Provenance.Of(step, branch.Source);
            if (compared.Step is null || !ReferenceEquals(compared.Step, origin.Step)) continue;
            bool signed = branch.Operator.StartsWith('s');
            bool includes = branch.Operator.TrimStart('s') is ">" or "<=";
            return (step, includes ? number : number - 1, signed);
        }

        return null;
    }

    private static bool IsPointer(ValueOrigin origin)
        => origin.Kind is ValueOriginKind.Variable or ValueOriginKind.Stack or ValueOriginKind.Map || (origin.Kind == ValueOriginKind.Result && (origin.MapName is not null || VerifierCase.IsLookup(origin.Callee)));
}
