using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>What the loader knows of a program that the verifier refused, and the verifier's log does not say.</summary>
internal sealed record VerifiedProgram
{
    /// <summary>Nothing is known but the log.</summary>
    public static VerifiedProgram Unknown { get; } = new() { Name = "" };

    /// <summary>The program's name; empty when it is not known.</summary>
    public required string Name { get; init; }

    /// <summary>The section that it is from.</summary>
    public string Section { get; init; } = "";

    /// <summary>Its type.</summary>
    public BpfProgramType Type { get; init; }

    /// <summary>What its object says of the license; null when it is not known.</summary>
    public string? License { get; init; }

    /// <summary>The object's BTF.</summary>
    public BtfReader? Btf { get; init; }

    /// <summary>Its functions in the order of their instructions.</summary>
    public IReadOnlyList<VerifiedFunction> Functions { get; init; } = [];

    /// <summary>The lines of C by instruction, in ascending order.</summary>
    public IReadOnlyList<BtfLineInfo> Lines { get; init; } = [];

    /// <summary>The maps by the instruction that loads their address.</summary>
    public IReadOnlyDictionary<int, VerifiedMap> Maps { get; init; } = new Dictionary<int, VerifiedMap>();

    /// <summary>Its instructions, as the verifier was given them.</summary>
    public IReadOnlyList<BpfInstruction> Instructions { get; init; } = [];

    /// <summary>Which types of program may call a helper on this kernel, by asking it; null when it cannot be asked.</summary>
    public Func<int, IReadOnlyList<BpfProgramType>>? AskTypesOfHelper { get; init; }

    /// <summary>The program as in the message: <c>program 'count'</c>.</summary>
    public string Title => Name.Length == 0 ? "the program" : $"program '{Name}'";

    /// <summary>The function that an instruction is of; null when that is not known.</summary>
    public VerifiedFunction? FunctionAt(int instruction)
    {
        VerifiedFunction? found = null;
        foreach (VerifiedFunction function in Functions)
        {
            if (function.Start > instruction) break;
            found = function;
        }

        return found;
    }

    /// <summary>The line of C that an instruction was made from; null when that is not known.</summary>
    public SourceLine? SourceAt(int instruction)
    {
        if (Btf is null) return null;
        BtfLineInfo? found = null;
        int start = FunctionAt(instruction)?.Start ?? 0;
        foreach (BtfLineInfo line in Lines)
        {
            if (line.InstructionOffset > (uint)instruction) break;
            if (line.InstructionOffset >= (uint)start && line.Line != 0) found = line;
        }

        return found is BtfLineInfo info ? new SourceLine(info.GetFileName(Btf), info.Line, info.Column, info.GetText(Btf)) : null;
    }

    /// <summary>The first instruction of a kind, as a step; null when there is none. Of what is refused before any instruction is looked at, the verifier says no place.</summary>
    public TraceStep? Find(Func<int, BpfInstruction, bool> isWanted)
    {
        for (int i = 0; i < Instructions.Count; i++)
        {
            if (isWanted(i, Instructions[i])) return new TraceStep(0, i, new Operation(), 0, null);
            if (Instructions[i].IsLoadImmediate64) i++;
        }

        return null;
    }

    /// <summary>What the context of the program is, by the function's first parameter; nil when it does not say.</summary>
    public BtfType? ContextType()
    {
        if (Btf is null || Functions.Count == 0 || Functions[0].TypeId.IsVoid) return null;
        BtfType prototype = Btf[Btf[Functions[0].TypeId].TypeId];
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            BtfType type = Btf.StripModifiers(parameter.TypeId);
            if (type.Kind != BtfKind.Pointer) return null;
            BtfType target = Btf.StripModifiers(type.TypeId);
            return target.IsComposite ? target : null;
        }

        return null;
    }
}
