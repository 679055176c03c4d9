using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>A refusal with all that is known of it; what the rules look at, and what they build their findings with.</summary>
internal sealed class VerifierCase
{
    private const int LinesOfKernel = 3;

    public VerifierCase(VerifiedProgram program, VerifierTrace trace, string log, Errno errno)
    {
        (Program, Trace, Log, Errno) = (program, trace, log, errno);
        Provenance = new Provenance(trace, program);
        Verdict = string.Join('\n', trace.Verdict);
    }

    public VerifiedProgram Program { get; }

    public VerifierTrace Trace { get; }

    public Provenance Provenance { get; }

    public string Log { get; }

    public Errno Errno { get; }

    /// <summary>What the verifier said behind the last instruction.</summary>
    public string Verdict { get; }

    /// <summary>The instruction at fault; null when the program was refused before any.</summary>
    public TraceStep? Last => Trace.Last;

    /// <summary>How this program leaves without doing anything, as a statement.</summary>
    public string Leave => Program.Type switch
    {
        BpfProgramType.Xdp => "return XDP_PASS;",
        BpfProgramType.SchedCls or BpfProgramType.SchedAct => "return TC_ACT_OK;",
        BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupSockOpt
            or BpfProgramType.CgroupSysctl or BpfProgramType.CgroupDevice or BpfProgramType.SkLookup or BpfProgramType.SkSkb or BpfProgramType.SkMsg => "return 1;",
        _ => "return 0;",
    };

    // Their contexts are arrays of arguments.
    private bool HasArguments => Program.Type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable or BpfProgramType.StructOps;

    /// <summary>The line that an instruction was made from: by the object's own lines, else by those in the log (since 6.8 with their place).</summary>
    public SourceLine? SourceOf(TraceStep? step) => step is null ? null : Program.SourceAt(step.Instruction) ?? step.Source;

    /// <summary>The place of an instruction in C.</summary>
    public BpfLocation PlaceOf(TraceStep? step)
    {
        if (step is null) return VerifierReport.FindPlace(Log) ?? new BpfLocation(Symbol: Program.Name.Length == 0 ? null : Program.Name);
        string? symbol = Program.FunctionAt(step.Instruction)?.Name ?? (Program.Name.Length == 0 ? null : Program.Name);
        return SourceOf(step) is SourceLine line
            ? new BpfLocation(Symbol: symbol, SourceFile: line.File, SourceLine: line.Line, SourceText: line.Text, SourceColumn: line.Column)
            : new BpfLocation(Symbol: symbol is null ? $"instruction {step.Instruction}" : $"{symbol}, instruction {step.Instruction}");
    }

    /// <summary>The name that the program gives to a value where it is made; null when it gives none.</summary>
    public string? NameOf(ValueOrigin origin)
    {
        if (SourceOf(origin.Step) is not SourceLine line) return null;
        string word = origin.Kind switch
        {
            ValueOriginKind.Result => origin.Callee,
            ValueOriginKind.ContextMember when HasArguments && origin.Offset % 8 == 0 => $"argument {origin.Offset / 8} of the hook (from 0)",
            ValueOriginKind.ContextMember => ContextMember(origin.Offset)?.Split('[')[0] ?? "",
            _ => "",
        };
        return SourceWords.AssignedIn(line.Text, word, line.Column);
    }

    /// <summary>The name of the pointer that an instruction uses, where it uses it, else where it was made; null when the program gives none.</summary>
    /// <param name="step">The access, or the call that it is given to.</param>
    /// <param name="register">The register with the pointer.</param>
    /// <param name="origin">Where it comes from.</param>
    public string? NameOfUsed(TraceStep step, int register, ValueOrigin origin)
    {
        SourceLine? line = SourceOf(step);
        string? used = line is null ? null
            : step.Operation.Kind is OperationKind.CallKernel or OperationKind.CallFunction ? SourceWords.ArgumentAt(line.Text, line.Column, register - 1)
            : SourceWords.PointerAt(line.Text, line.Column);
        return used ?? NameOf(origin);
    }

    /// <summary>Says where a value came from.</summary>
    public BpfOrigin Describe(ValueOrigin origin) => new(Words(origin), PlaceOf(origin.Step));

    /// <summary>The member of the context at an offset, by the object's type of it; null when it has none there.</summary>
    public string? ContextMember(long offset)
        => Program.ContextType() is BtfType type ? MemberPath.At(Program.Btf!, type.Id, offset) : null;

    /// <summary>A finding at the last instruction, with the kernel's words.</summary>
    public BpfFinding Finding(BpfDiagnosticId id, string what, string? cause, string? cure, params IEnumerable<BpfOrigin> origins)
        => FindingAt(Last, id, what, cause, cure, origins);

    /// <summary>A finding at an instruction, with the kernel's words.</summary>
    public BpfFinding FindingAt(TraceStep? step, BpfDiagnosticId id, string what, string? cause, string? cure, params IEnumerable<BpfOrigin> origins) => new()
    {
        Id = id,
        What = what,
        Place = PlaceOf(step),
        Cause = cause,
        Cure = cure,
        KernelWords = string.Join('\n', Trace.Verdict.TakeLast(LinesOfKernel)),
        Origins = [.. origins],
    };

    private string Words(ValueOrigin origin) => origin.Kind switch
    {
        ValueOriginKind.Context => "the program's context",
        ValueOriginKind.ContextMember when HasArguments && origin.Offset % 8 == 0 => $"argument {origin.Offset / 8} of the hook (from 0)",
        ValueOriginKind.ContextMember => ContextMember(origin.Offset) is string member ? $"member '{member}' of the context" : $"byte {origin.Offset} of the context",
        ValueOriginKind.Result when origin.MapName is not null && IsLookup(origin.Callee) => $"the look-up in map '{origin.MapName}'",
        ValueOriginKind.Result when IsLookup(origin.Callee) && origin.Base is { Kind: ValueOriginKind.Result, MapName: string outer } => $"the look-up in an inner map of '{outer}'",
        ValueOriginKind.Result when origin.MapName is not null => $"{origin.Callee}() on map '{origin.MapName}'",
        ValueOriginKind.Result when origin.Callee.Length != 0 => $"the result of {origin.Callee}()",
        ValueOriginKind.Result => "the result of a function",
        ValueOriginKind.Map => $"map '{origin.MapName}'",
        ValueOriginKind.Variable => VariableOf(origin) is string name ? $"variable '{name}'" : $"the variables of '{origin.MapName}'",
        ValueOriginKind.Stack => "a variable on the stack",
        ValueOriginKind.Constant => $"the number {(origin.Offset is >= 0 and < 10 ? $"{origin.Offset}" : $"0x{origin.Offset:x}")}",
        ValueOriginKind.Argument => "an argument of the function, which is verified by itself",
        ValueOriginKind.Memory when origin.Base is { Kind: ValueOriginKind.Variable } variable && VariableOf(variable with { Offset = origin.Offset }) is string name => $"variable '{name}'",
        ValueOriginKind.Memory when origin.MapName is not null => $"the value of map '{origin.MapName}'{MemberOf(origin)}",
        ValueOriginKind.Memory when origin.Base is { Kind: ValueOriginKind.Stack } => "a variable on the stack",
        ValueOriginKind.Memory when origin.Base is { Kind: ValueOriginKind.Memory } => $"memory behind {Words(Innermost(origin))}",
        ValueOriginKind.Memory when origin.Base is { Kind: not ValueOriginKind.Unknown } address => $"memory that {Words(address)} points to",
        ValueOriginKind.Memory => "memory",
        _ => "a value that the log does not show",
    };

    // Where a chain of pointers begins.
    private static ValueOrigin Innermost(ValueOrigin origin)
    {
        while (origin is { Kind: ValueOriginKind.Memory, MapName: null, Base: ValueOrigin address }) origin = address;
        return origin;
    }

    private string MemberOf(ValueOrigin origin)
        => origin.Map is { ValueType.IsVoid: false } map && Program.Btf is BtfReader btf && MemberPath.At(btf, map.ValueType, origin.Offset) is string path ? $", member '{path}'" : "";

    /// <summary>The name of the global variable that an address is of; null when it is not known.</summary>
    public string? VariableOf(ValueOrigin origin)
        => origin.Map is { IsSection: true, ValueType.IsVoid: false } map && Program.Btf is BtfReader btf ? MemberPath.OfSection(btf, map.ValueType, origin.Offset, out _) : null;

    /// <summary>The last decision before the end, which a jump took; none when there was none since a step.</summary>
    public BpfOrigin[] WayOut(TraceStep? since)
    {
        for (int i = Trace.Steps.Count - 2; i > (since?.Index ?? -1); i--)
        {
            TraceStep step = Trace.Steps[i];
            if (step.Operation.Kind == OperationKind.Branch) return [new BpfOrigin("the way out begins", PlaceOf(step))];
        }

        return [];
    }

    /// <summary>Whether a helper looks an element up.</summary>
    public static bool IsLookup(string helper) => helper.StartsWith("bpf_map_lookup", StringComparison.Ordinal);
}
