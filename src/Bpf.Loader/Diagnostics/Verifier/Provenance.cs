using System;
using System.Collections.Generic;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Walks back on the verifier's way to where a value was made: through copies, arithmetic, the stack, and calls.</summary>
internal sealed class Provenance(VerifierTrace trace, VerifiedProgram program)
{
    private const int FramePointer = 10;
    private const int FarthestHops = 64;

    /// <summary>Where the value of a register comes from.</summary>
    /// <param name="before">The step before which it is asked.</param>
    /// <param name="register">The register.</param>
    public ValueOrigin Of(TraceStep before, int register) => Walk(before.Index, before.Frame, register, [], FarthestHops);

    /// <summary>The last step before another that makes a register's value, or null when it is older than the log.</summary>
    public TraceStep? WriterOf(TraceStep before, int register)
    {
        for (int i = before.Index - 1; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame < before.Frame) return null;
            if (step.Frame == before.Frame && step.Operation.Writes(register)) return step;
        }

        return null;
    }

    private ValueOrigin Walk(int before, int frame, int register, List<TraceStep> arithmetic, int hops)
    {
        if (register == FramePointer) return Result(ValueOriginKind.Stack, null, arithmetic);
        int exit = -1; // of the function that was called last
        for (int i = before - 1; i >= 0 && hops > 0; i--)
        {
            TraceStep step = trace.Steps[i];
            Operation operation = step.Operation;
            if (step.Frame > frame)
            {
                if (exit < 0 && step.Frame == frame + 1 && operation.Kind == OperationKind.Exit) exit = i;
                continue;
            }

            if (step.Frame < frame)
            {
                // The call that began this frame; what it passed stands in the same registers.
                return operation.Kind == OperationKind.CallFunction && register is >= 1 and <= 5
                    ? Walk(i, step.Frame, register, arithmetic, hops - 1)
                    : Result(ValueOriginKind.Unknown, null, arithmetic);
            }

            if (operation.Kind == OperationKind.CallFunction && register == 0)
                return exit < 0 ? Result(ValueOriginKind.Result, step, arithmetic) : Walk(exit, frame + 1, 0, arithmetic, hops - 1);
            if (!operation.Writes(register)) continue;
            switch (operation.Kind)
            {
                case OperationKind.Copy:
                    if (operation.Source == FramePointer) return Result(ValueOriginKind.Stack, step, arithmetic);
                    register = operation.Source;
                    hops--;
                    break;
                case OperationKind.Arithmetic:
                    arithmetic.Add(step);
                    break;
                case OperationKind.Constant:
                    return OfConstant(step, arithmetic);
                case OperationKind.Load:
                    return OfLoad(step, arithmetic, hops - 1);
                case OperationKind.CallKernel when register == 0:
                    return OfCall(step, arithmetic, hops - 1);
                default:
                    return Result(ValueOriginKind.Unknown, null, arithmetic);
            }
        }

        // What is older than the log, or stands in a register at the beginning.
        if (frame != 0 || trace.Steps.Count == 0 || !IsStart(trace.Steps[0].Instruction) || register is < 1 or > 5) return Result(ValueOriginKind.Unknown, null, arithmetic);
        return Result(register == 1 && trace.Steps[0].Instruction == 0 ? ValueOriginKind.Context : ValueOriginKind.Argument, null, arithmetic);
    }

    private bool IsStart(int instruction)
    {
        foreach (VerifiedFunction function in program.Functions)
        {
            if (function.Start == instruction) return true;
        }

        return instruction == 0;
    }

    private ValueOrigin OfConstant(TraceStep step, List<TraceStep> arithmetic)
    {
        string? state = step.After?[step.Operation.Destination];
        string? name = state is null ? null : RegisterStates.AttributeOf(state, "map");
        if (program.Maps.TryGetValue(step.Instruction, out VerifiedMap? map))
        {
            bool isValue = map.IsSection || (state is not null && RegisterStates.KindOf(state).StartsWith("map_value", StringComparison.Ordinal));
            return Result(isValue ? ValueOriginKind.Variable : ValueOriginKind.Map, step, arithmetic) with { Map = map, MapName = map.Name, Offset = map.Offset };
        }

        return state is not null && RegisterStates.KindOf(state) is string kind && kind is "map_ptr" or "map_value"
            ? Result(kind == "map_ptr" ? ValueOriginKind.Map : ValueOriginKind.Variable, step, arithmetic) with { MapName = name }
            : Result(ValueOriginKind.Constant, step, arithmetic) with { Offset = step.Operation.Immediate ?? 0 };
    }

    private ValueOrigin OfLoad(TraceStep step, List<TraceStep> arithmetic, int hops)
    {
        Operation load = step.Operation;
        if (load.Base == FramePointer) return OfStack(step, arithmetic, hops);
        ValueOrigin address = Walk(step.Index, step.Frame, load.Base, [], hops);
        ValueOriginKind kind = address.Kind == ValueOriginKind.Context ? ValueOriginKind.ContextMember : ValueOriginKind.Memory;
        return Result(kind, step, arithmetic) with { Base = address, Offset = load.Offset + ConstantOffset(address), Map = address.Map, MapName = address.MapName };
    }

    private ValueOrigin OfStack(TraceStep load, List<TraceStep> arithmetic, int hops)
    {
        for (int i = load.Index - 1; i >= 0; i--)
        {
            TraceStep step = trace.Steps[i];
            if (step.Frame != load.Frame || step.Operation is not { Kind: OperationKind.Store, Base: FramePointer } store || store.Offset != load.Operation.Offset) continue;
            return store.Source >= 0
                ? Walk(i, step.Frame, store.Source, arithmetic, hops)
                : Result(ValueOriginKind.Constant, step, arithmetic) with { Offset = store.Immediate ?? 0 };
        }

        return Result(ValueOriginKind.Memory, load, arithmetic) with { Base = Result(ValueOriginKind.Stack, null, []), Offset = load.Operation.Offset };
    }

    private ValueOrigin OfCall(TraceStep step, List<TraceStep> arithmetic, int hops)
    {
        ValueOrigin result = Result(ValueOriginKind.Result, step, arithmetic);
        ValueOrigin first = Walk(step.Index, step.Frame, 1, [], hops);
        return first.Kind is ValueOriginKind.Map ? result with { Map = first.Map, MapName = first.MapName } : first.Kind is ValueOriginKind.Result ? result with { Base = first } : result;
    }

    /// <summary>What fixed numbers were added to a pointer since it was made.</summary>
    public static long ConstantOffset(ValueOrigin origin)
    {
        long sum = origin.Kind == ValueOriginKind.Variable ? origin.Offset : 0;
        foreach (TraceStep step in origin.Arithmetic)
        {
            if (step.Operation is { Operator: "+=", Immediate: long added }) sum += added;
        }

        return sum;
    }

    private static ValueOrigin Result(ValueOriginKind kind, TraceStep? step, List<TraceStep> arithmetic) => new(kind, step) { Arithmetic = arithmetic };
}
