using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Memory on the stack is read, by the program or by a helper, of which some bytes were never written.</summary>
internal sealed partial class UnwrittenStackRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is TraceStep reader && Forgotten().IsMatch(refusal.Verdict)) return OfForgotten(refusal, reader);
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        long byteAt = Numbers.Of(match.Groups[3]);
        if (last.Operation.Kind != OperationKind.CallKernel)
        {
            return refusal.Finding(
                BpfDiagnosticId.StackNotWritten, "A variable on the stack is read that was not written before.", "It would be what was on the stack before.", "Give it a value where it is declared (`= {}` or `= 0`).");
        }

        int register = match.Groups[1].Success ? match.Groups[1].Value[0] - '0' : Argument(refusal, last, match);
        string role = Role(last.Operation.Callee, register);
        BtfTypeId type = TypeOf(refusal, last, register, out VerifiedMap? map);
        string? member = type.IsVoid || refusal.Program.Btf is not BtfReader btf ? null : MemberPath.At(btf, type, byteAt);
        bool isStruct = !type.IsVoid && refusal.Program.Btf!.StripModifiers(type).IsComposite;
        string name = isStruct ? $"struct {refusal.Program.Btf!.StripModifiers(type).Name}" : "variable";
        string what = member is not null
            ? $"Member '{member}' of the {role} was not written before {last.Operation.Callee}() reads it."
            : isStruct
                ? $"The padding at byte {byteAt} of {name}, the {role}, was not written before {last.Operation.Callee}() reads it."
                : $"Byte {byteAt} of the {role} was not written before {last.Operation.Callee}() reads it.";
        string cause = member is null && isStruct
            ? "The compiler leaves holes between members as they are; even `= {}` may, when all members are set. A key is compared with its holes."
            : "What was on the stack before must not leave the program.";
        string cure = isStruct
            ? $"Clear it all before the members are set: `__builtin_memset(&key, 0, sizeof(key));`{(member is null ? ", or name the holes as members, or pack the struct" : "")}."
            : "Give the variable a value where it is declared.";
        BpfOrigin[] origins = map is null ? [] : [new BpfOrigin($"the {role} of map '{map.Name}' has {(role == "key" ? map.KeySize : map.ValueSize)} bytes", default)];
        return refusal.Finding(BpfDiagnosticId.StackNotWritten, what, cause, cure, origins);
    }

    // Linux 7.3 forgets what of the stack nothing reads any more (clean_func_state() in kernel/bpf/states.c), by an analysis that takes the
    // value of bpf_map_peek_elem() for one that is only written; a Bloom filter's is read.
    private static BpfFinding OfForgotten(VerifierCase refusal, TraceStep last)
    {
        bool isCall = last.Operation.Kind == OperationKind.CallKernel;
        string what = isCall
            ? $"A variable on the stack was written, and the verifier has forgotten it before {last.Operation.Callee}() reads it."
            : "A variable on the stack was written, and the verifier has forgotten it before it is read.";
        string cause = isCall && last.Operation.Callee == "bpf_map_peek_elem"
            ? "This kernel forgets what of the stack nothing seems to read, and takes the value for one that the helper writes; that of a Bloom filter is read. The program is sound."
            : "This kernel forgets what of the stack nothing seems to read any more, and misses that this does. The program is sound.";
        return refusal.Finding(
            BpfDiagnosticId.StackNotWritten, what, cause, "Keep the variable off the stack: in a global variable (`static __u32 value;`) or in a map's value.");
    }

    // Kernels before 5.12 do not say which register: the one whose address that is.
    private static int Argument(VerifierCase refusal, TraceStep last, Match match)
    {
        long offset = Numbers.Of(match.Groups[2]);
        return Enumerable.Range(1, 5).FirstOrDefault(
            register => refusal.Provenance.Of(last, register) is { Kind: ValueOriginKind.Stack } origin && Provenance.ConstantOffset(origin) == offset, 2);
    }

    private static string Role(string helper, int register) => helper switch
    {
        "bpf_map_update_elem" when register == 3 => "value",
        "bpf_map_push_elem" => "value",
        "bpf_map_lookup_elem" or "bpf_map_update_elem" or "bpf_map_delete_elem" => "key",
        "bpf_ringbuf_output" or "bpf_perf_event_output" => "record",
        _ => $"argument {register}",
    };

    private static BtfTypeId TypeOf(VerifierCase refusal, TraceStep last, int register, out VerifiedMap? map)
    {
        map = refusal.Provenance.Of(last, 1).Map;
        string role = Role(last.Operation.Callee, register);
        return map is null ? default : role == "key" ? map.KeyType : role == "value" ? map.ValueType : default;
    }

    [GeneratedRegex("reading from stack .*slot poisoned by dead code elimination")]
    private static partial Regex Forgotten();

    [GeneratedRegex(@"invalid (?:indirect )?read from stack (?:R(\d) )?(?:off|var_off)[ =](-?\d+|\([^)]*\))(?:\+(\d+))? size[ =](\d+)|uninitialized on this path")]
    private static partial Regex Form();
}
