using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>An index or a length that has no bounds for the verifier, or bounds that are too wide.</summary>
internal sealed partial class BoundsRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || !Form().IsMatch(refusal.Verdict)) return null;
        if (last.Operation.Kind == OperationKind.CallKernel) return OfLength(refusal, last);
        int register = last.Operation.TouchesMemory ? last.Operation.Base : Math.Max(last.Operation.Destination, 0);
        ValueOrigin memory = refusal.Provenance.Of(last, register);
        IndexUse? use = IndexUse.Find(refusal, last, register, memory);
        string where = Place(refusal, memory);
        long? size = SizeOf(refusal, memory);
        if (use is null) return Fixed(refusal, last, memory, where, size);
        (where, size) = Narrow(refusal, memory, where, size, Provenance.ConstantOffset(memory) + (last.Operation.TouchesMemory ? last.Operation.Offset : 0));

        string name = SourceWords.IndexIn(refusal.SourceOf(last)?.Text ?? "") is string written ? $"'{written}'" : "the index";
        long? elements = size is long bytes && use.Scale > 0 ? bytes / use.Scale : null;
        string room = elements is long count ? $"{where} has {count} element{(count == 1 ? "" : "s")}{(use.Scale > 1 ? $" of {use.Scale} bytes" : "")}" : $"{where} is not that large";
        string test = elements is long limit ? $"{limit}" : "SIZE";
        string plain = name.Trim('\'');
        string variable = Name().IsMatch(plain) ? plain : "index";
        (string what, string? cause) = (use.IsSigned, use.Largest) switch
        {
            (true, _) => ($"{name} may be negative; {room}.", "The comparison before is one of signed numbers, which says nothing of those below 0."),
            (_, long largest) when elements is long e && largest >= e => ($"{name} may be as large as {largest}; {room}.", "By what is computed and compared before, that is the largest value that it can have."),
            (_, long) => ($"{name} is not seen to stay within {where}.", "The verifier lost what the program had compared: the compiler compared another copy, or a wider type than it then used."),
            _ => ($"{name} may be any number; {room}.", "Nothing compares it before."),
        };
        if (refusal.Verdict.Contains("prohibited for !root", StringComparison.Ordinal)) cause = "Without CAP_PERFMON the stack is reached at fixed places only, and map values within bounds.";
        string cure = use.IsSigned
            ? $"Make it unsigned (`__u32 {variable}`), or ask for both ends: `if ({variable} < 0 || {variable} >= {test}) {refusal.Leave}`"
            : $"Compare it right before the access: `if ({variable} >= {test}) {refusal.Leave}`{(variable == plain || plain == "the index" ? "" : ", with the index in a variable of its own")}{(elements is long power && power > 0 && (power & (power - 1)) == 0 ? $", or mask it: `{variable} &= {power - 1}`" : "")}";
        return refusal.Finding(BpfDiagnosticId.IndexOutOfBounds, what, cause, cure, use.Origins(refusal));
    }

    // Nothing was added that varies: the offset itself is too large.
    private static BpfFinding Fixed(VerifierCase refusal, TraceStep last, ValueOrigin memory, string where, long? size)
    {
        long offset = last.Operation.Offset + Provenance.ConstantOffset(memory);
        if (Access().Match(refusal.Verdict) is { Success: true } match)
        {
            size = Numbers.Of(match.Groups[1]);
            offset = Numbers.Of(match.Groups[2]);
        }

        string room = size is long bytes ? $"which has {bytes} bytes" : "which is not that large";
        return refusal.Finding(
            BpfDiagnosticId.IndexOutOfBounds, $"{Math.Max(last.Operation.Size, 1)} bytes are accessed at offset {offset} of {where}, {room}.",
            "The place follows from the program alone, whatever the data.", "Access only what its type has: is the size in the map's definition the one that is meant?", refusal.Describe(memory));
    }

    // R2 of bpf_probe_read_user() and the like.
    private static BpfFinding OfLength(VerifierCase refusal, TraceStep last)
    {
        int register = Register().Match(refusal.Verdict) is { Success: true } match ? match.Groups[1].Value[0] - '0' : 2;
        ValueOrigin length = refusal.Provenance.Of(last, register);

        // The kernel names the pointer where the pair goes beyond the memory, and the length where that has no bounds.
        if (length.Kind is ValueOriginKind.Stack or ValueOriginKind.Variable || (length.Kind == ValueOriginKind.Result && length.MapName is not null)) (register, length) = (register + 1, refusal.Provenance.Of(last, register + 1));
        ValueOrigin memory = refusal.Provenance.Of(last, register - 1);
        string where = Place(refusal, memory);
        long? size = SizeOf(refusal, memory);
        (where, size) = Narrow(refusal, memory, where, size, Provenance.ConstantOffset(memory));
        string name = refusal.NameOf(length) is string named ? $"'{named}'" : "The length";
        string room = size is long bytes ? $"{where} has {bytes} bytes" : $"{where} has fewer";
        string what = length is { Kind: ValueOriginKind.Constant, Offset: long fix }
            ? $"{last.Operation.Callee}() is told that there are {fix} bytes; {room}."
            : refusal.Verdict.Contains("zero-sized", StringComparison.Ordinal)
                ? $"{name} that {last.Operation.Callee}() is given may be 0."
                : $"{name} that {last.Operation.Callee}() is given may be {(refusal.Verdict.Contains("negative", StringComparison.Ordinal) ? "negative or " : "")}larger than the memory; {room}.";
        string test = size is long limit ? $"{limit}" : "sizeof(buffer)";
        string variable = name.Trim('\'') is string plain && Name().IsMatch(plain) ? plain : "length";
        string cure = refusal.Verdict.Contains("zero-sized", StringComparison.Ordinal)
            ? $"Ask before: `if ({variable} == 0) {refusal.Leave}`"
            : $"Use an unsigned variable and compare it before the call: `if ({variable} > {test}) {variable} = {test};`";
        string cause = length.Kind == ValueOriginKind.Constant ? "Helpers take the length for what it is told to be." : "Nothing that the verifier could follow bounds it before the call.";
        return refusal.Finding(BpfDiagnosticId.IndexOutOfBounds, what, cause, cure, refusal.Describe(length));
    }

    private static string Place(VerifierCase refusal, ValueOrigin memory) => memory switch
    {
        { Kind: ValueOriginKind.Variable } when refusal.VariableOf(memory) is string name => $"'{name}'",
        { Callee: "bpf_ringbuf_reserve" } => "the record",
        { MapName: string map } => $"the value of map '{map}'",
        { Kind: ValueOriginKind.Stack } => "the variable on the stack",
        _ => "the memory",
    };

    // What of the memory begins at an offset: the array there, or the rest.
    private static (string Where, long? Size) Narrow(VerifierCase refusal, ValueOrigin memory, string where, long? size, long offset)
    {
        if (memory.Map is { IsSection: true }) return (where, size);
        bool hasType = memory.Map is { ValueType.IsVoid: false } && memory.Callee != "bpf_ringbuf_reserve" && refusal.Program.Btf is not null;
        return hasType && MemberPath.ArrayAt(refusal.Program.Btf!, memory.Map!.ValueType, offset) is (string path, uint length)
            ? ($"member '{path}' of {where}", length)
            : (where, offset > 0 && size is long bytes ? bytes - offset : size);
    }

    // What the map's definition, the variable's type or the verifier says.
    private static long? SizeOf(VerifierCase refusal, ValueOrigin memory)
    {
        if (memory.Kind == ValueOriginKind.Variable && memory.Map is { ValueType.IsVoid: false } section && refusal.Program.Btf is Btf.BtfReader btf
            && MemberPath.OfSection(btf, section.ValueType, memory.Offset, out Btf.BtfTypeId variable) is not null && btf.TryGetSize(variable, out uint bytes)) return bytes;
        if (memory is { Callee: "bpf_ringbuf_reserve", Step: TraceStep reserve })
            return refusal.Provenance.Of(reserve, 2) is { Kind: ValueOriginKind.Constant, Offset: long reserved } ? reserved : null;
        if (memory.Map is VerifiedMap map) return map.ValueSize;
        return Access().Match(refusal.Verdict) is { Success: true } match ? Numbers.Of(match.Groups[1]) : null;
    }

    [GeneratedRegex(@"invalid access to (?:map value|map key|memory)|unbounded memory access|unbounded size|with unbounded min value|min value is negative|(?:max|min) value is outside|mixed signed bounds|be out of bounds|math between|invalid (?:unbounded )?variable-offset|variable (?:offset )?stack access|pointer arithmetic of map value|stack pointer arithmetic goes out|zero-sized read: u64|invalid zero-sized read|outside the verifier's safe|(?:invalid (?:write to|read from|indirect access to) stack|invalid stack|stack type R\d off=)|offset used with R\d is unbounded|invalid \S+ buffer access|invalid variable buffer offset")]
    private static partial Regex Form();

    [GeneratedRegex(@"invalid access to \D*(\d+) off=(-?\d+) size=(-?\d+)")]
    private static partial Regex Access();

    [GeneratedRegex(@"R(\d)")]
    private static partial Regex Register();

    [GeneratedRegex(@"^[A-Za-z_]\w*$")]
    private static partial Regex Name();
}
