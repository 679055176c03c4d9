using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>An argument of a helper is of a kind that it does not take.</summary>
internal sealed partial class HelperArgumentRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not { Operation.Kind: OperationKind.CallKernel } last) return null;
        string helper = last.Operation.Callee;
        if (MapType().Match(refusal.Verdict) is { Success: true } map)
            return OfMap(refusal, last, helper, int.TryParse(map.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int type) ? (BpfMapType)type : default);

        if (refusal.Verdict.Contains("expected prog array map for tail call", StringComparison.Ordinal) || (helper == "bpf_tail_call" && refusal.Provenance.Of(last, 2).Map is { Type: not BpfMapType.ProgArray })) return OfMap(refusal, last, helper, refusal.Provenance.Of(last, 2).Map?.Type ?? default);

        // A ring buffer has keys of no bytes, so that a look-up fails at its key.
        if (refusal.Verdict.Contains("invalid zero-sized read", StringComparison.Ordinal) && refusal.Provenance.Of(last, 1) is { Kind: ValueOriginKind.Map, Map: { KeySize: 0 } keyless }) return OfMap(refusal, last, helper, keyless.Type);
        if (Constant().Match(refusal.Verdict) is { Success: true } constant) return OfConstant(refusal, last, helper, constant.Groups[1].Value[0] - '0');
        // What 5.10 says of it, which goes on about bounds that would not help.
        if (helper == "bpf_ringbuf_reserve" && refusal.Verdict.Contains("R2 unbounded", StringComparison.Ordinal)) return OfConstant(refusal, last, helper, 2);
        if (Type().Match(refusal.Verdict) is not { Success: true } match) return null;
        int register = match.Groups[1].Value[0] - '0';
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        string name = refusal.NameOf(origin) is string named ? $" ('{named}')" : "";
        string given = Words(match.Groups[2].Value);
        string wanted = Wanted(match.Groups[3].Value);
        return refusal.Finding(
            BpfDiagnosticId.HelperArgumentRefused, $"Argument {register} of {helper}(){name} is {given}, and {wanted} is taken.", "The kernel checks what helpers are given by the kind of it, and trusts no number to be an address.",
            given == "a number" ? "Pass the address of a variable on the stack, of a map's value, or of what the helper's documentation names." : $"Pass {wanted}.", refusal.Describe(origin));
    }

    private static BpfFinding OfConstant(VerifierCase refusal, TraceStep last, string helper, int register)
    {
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        string name = refusal.NameOfUsed(last, register, origin) is string named ? $" ('{named}')" : "";
        string cure = helper == "bpf_ringbuf_reserve"
            ? "Reserve the largest size, a constant, and note in the record how much of it is used; or use bpf_ringbuf_output(), or bpf_ringbuf_reserve_dynptr() (kernel 5.19)."
            : "Pass a constant, and make one call for each value that it may have.";
        return refusal.Finding(
            BpfDiagnosticId.HelperArgumentRefused, $"Argument {register} of {helper}(){name} is only known when the program runs, and a constant is taken.",
            "The verifier must know the size while it looks at the program, to check what is done with the memory.", cure, refusal.Describe(origin));
    }

    private static BpfFinding OfMap(VerifierCase refusal, TraceStep last, string helper, BpfMapType type)
    {
        ValueOrigin origin = refusal.Provenance.Of(last, 1) is { Kind: ValueOriginKind.Map } first ? first : refusal.Provenance.Of(last, 2);
        string name = origin.MapName is string named ? $"The map '{named}'" : "The map";
        string kind = type == BpfMapType.Unspecified ? "of a type" : $"of type {type},";
        return refusal.Finding(
            BpfDiagnosticId.HelperArgumentRefused, $"{name} is {kind} which {helper}() does not take.", "Each helper works on maps of some types only.", Instead(type, helper), refusal.Describe(origin));
    }

    private static string Instead(BpfMapType type, string helper) => (type, helper) switch
    {
        (BpfMapType.RingBuf, _) => "Records go into a ring buffer by bpf_ringbuf_reserve() and bpf_ringbuf_submit(), or by bpf_ringbuf_output().",
        (BpfMapType.PerfEventArray, _) => "Records go into a perf buffer by bpf_perf_event_output().",
        (_, "bpf_ringbuf_reserve" or "bpf_ringbuf_output") => "It wants a map of type BPF_MAP_TYPE_RINGBUF.",
        (_, "bpf_perf_event_output") => "It wants a map of type BPF_MAP_TYPE_PERF_EVENT_ARRAY.",
        (_, "bpf_tail_call") => "It wants a map of type BPF_MAP_TYPE_PROG_ARRAY.",
        (BpfMapType.ProgArray, _) => "Programs of a program array are run by bpf_tail_call(ctx, &map, index).",
        (BpfMapType.Queue or BpfMapType.Stack, _) => "Queues and stacks have bpf_map_push_elem(), bpf_map_pop_elem() and bpf_map_peek_elem().",
        (BpfMapType.BloomFilter, _) => "Bloom filters have bpf_map_push_elem() and bpf_map_peek_elem().",
        (BpfMapType.TaskStorage, _) => "It has bpf_task_storage_get() and bpf_task_storage_delete().",
        (BpfMapType.SkStorage, _) => "It has bpf_sk_storage_get() and bpf_sk_storage_delete().",
        (BpfMapType.InodeStorage, _) => "It has bpf_inode_storage_get() and bpf_inode_storage_delete().",
        (BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap, _) => "Its entries are used by bpf_redirect_map().",
        _ => "Use a map of a type that it takes, or the helpers of this one.",
    };

    private static string Words(string kind) => kind.TrimEnd('_') switch
    {
        "scalar" or "inv" => "a number",
        "fp" => "an address on the stack",
        "ctx" => "the context",
        "map_ptr" => "a map",
        "map_value" => "the value of a map",
        "pkt" => "a pointer into the packet",
        "pkt_end" => "the end of the packet",
        "mem" => "memory",
        "ringbuf_mem" => "a record of a ring buffer",
        "sock" or "sock_common" or "tcp_sock" or "xdp_sock" => "a socket",
        "func" => "a function",
        string other => $"of the kind {other}",
    };

    private static string Wanted(string expected)
    {
        string[] kinds = expected.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return kinds.Length > 3 ? "a pointer to memory" : string.Join(" or ", Array.ConvertAll(kinds, Words));
    }

    [GeneratedRegex(@"R(\d) type=(\S+) expected=(.+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"R(\d) (?:is not a known constant|must be a known constant|is not a const)")]
    private static partial Regex Constant();

    [GeneratedRegex(@"cannot pass map_type (\d+) into func")]
    private static partial Regex MapType();
}
