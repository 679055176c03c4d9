using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Memory is accessed through what is only a number for the verifier.</summary>
internal sealed partial class NumberAsPointerRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Access().Match(refusal.Verdict) is not { Success: true } match) return null;
        int register = match.Groups[1].Value[0] - '0';
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        string name = (refusal.NameOf(origin) ?? refusal.NameOfUsed(last, register, origin)) is string named ? $"'{named}'" : "The address";
        if (InvalidatedBy(refusal, origin, last) is TraceStep moved)
        {
            return refusal.Finding(
                BpfDiagnosticId.NumberUsedAsPointer, $"{name} no longer points into the packet: {moved.Operation.Callee}() may have moved it.",
                $"Each call that can change the packet makes all pointers into it plain numbers.",
                $"Read data and data_end from the context again behind the call, and compare them again.",
                new BpfOrigin($"the call of {moved.Operation.Callee}()", refusal.PlaceOf(moved)), refusal.Describe(origin));
        }

        if (match.Groups[2].Success) return null;
        (string cause, string cure) = Advice(refusal, origin);
        return refusal.Finding(BpfDiagnosticId.NumberUsedAsPointer, $"{name} is only a number for the verifier, and cannot be used as a pointer here.", cause, cure, refusal.Describe(origin));
    }

    private static (string Cause, string Cure) Advice(VerifierCase refusal, ValueOrigin origin)
    {
        bool isUser = refusal.Program.Section.Contains("uprobe", StringComparison.Ordinal) || refusal.Program.Section.Contains("uretprobe", StringComparison.Ordinal)
            || refusal.Program.Section.StartsWith("usdt", StringComparison.Ordinal) || refusal.Program.Section.Contains("/syscalls/", StringComparison.Ordinal);
        string user = "Copy from user memory: `bpf_probe_read_user(&value, sizeof(value), pointer)`, for texts bpf_probe_read_user_str().";
        string kernel = "Read through BPF_CORE_READ(pointer, member) or `bpf_probe_read_kernel(&value, sizeof(value), pointer)`.";
        switch (origin.Kind)
        {
            case ValueOriginKind.ContextMember when isUser:
                return ("It is an address in the memory of the process, which programs may not touch directly.", user);
            case ValueOriginKind.ContextMember when refusal.Program.Type == BpfProgramType.RawTracepoint:
                return ("The arguments of raw tracepoints have no types.", kernel + " Or use SEC(\"tp_btf/...\"), whose arguments have their types.");
            case ValueOriginKind.ContextMember when refusal.Program.Type == BpfProgramType.Kprobe:
                return ("What a kprobe finds in registers has no type.", kernel + " Or use SEC(\"fentry/...\"), whose arguments have their types.");
            case ValueOriginKind.ContextMember:
                return ("What is read from this context is a number for the verifier.", kernel);
            case ValueOriginKind.Result when origin.Callee == "bpf_get_current_task":
                return ("bpf_get_current_task() gives the task's address as a number.", "Use bpf_get_current_task_btf() (kernel 5.11), or BPF_CORE_READ(task, member).");
            case ValueOriginKind.Result when origin.Callee.Length != 0:
                return ($"{origin.Callee}() gives a number.", kernel);
            case ValueOriginKind.Constant:
                return ("A fixed address is no memory that the program owns.", "Take the address from a map, the context or a kernel symbol (`extern ... __ksym`).");
            case ValueOriginKind.Memory:
                return ("A pointer that was put into memory loses its type.", kernel + " Or get the pointer again from where it came from; for objects that maps keep there are kptrs (kernel 6.0).");
            default:
                return ("The verifier follows only pointers whose way it has seen, and this one is not among them.", kernel);
        }
    }

    // The helper between the reading of a packet pointer and its use that took its type away.
    private static TraceStep? InvalidatedBy(VerifierCase refusal, ValueOrigin origin, TraceStep last)
    {
        if (origin is not { Kind: ValueOriginKind.ContextMember, Step: TraceStep made }) return null;
        bool isPacket = made.After?[made.Operation.Destination] is string state
            ? RegisterStates.KindOf(state).StartsWith("pkt", StringComparison.Ordinal)
            : refusal.ContextMember(origin.Offset) is "data" or "data_meta" or "data_end";
        return isPacket ? refusal.Trace.Steps.Skip(made.Index + 1).Take(last.Index - made.Index - 1).LastOrDefault(step => step.Operation.Kind == OperationKind.CallKernel && ChangesPacket(step.Operation.Callee)) : null;
    }

    // What bpf_helper_changes_pkt_data() names: net/core/filter.c.
    private static bool ChangesPacket(string helper)
        => helper is "bpf_clone_redirect" or "bpf_lwt_push_encap" or "bpf_lwt_seg6_store_bytes" or "bpf_lwt_seg6_adjust_srh" or "bpf_lwt_seg6_action" or "bpf_msg_push_data" or "bpf_msg_pop_data" or "bpf_msg_pull_data" or "bpf_store_hdr_opt" or "bpf_reserve_hdr_opt"
            || (helper.StartsWith("bpf_skb_", StringComparison.Ordinal) && !helper.StartsWith("bpf_skb_load", StringComparison.Ordinal) && !helper.StartsWith("bpf_skb_get", StringComparison.Ordinal))
            || helper.StartsWith("bpf_xdp_adjust", StringComparison.Ordinal) || helper.StartsWith("bpf_l3_csum", StringComparison.Ordinal) || helper.StartsWith("bpf_l4_csum", StringComparison.Ordinal);

    // Without CAP_PERFMON such a pointer has no value at all.
    [GeneratedRegex(@"R(\d) (?:invalid mem access '(?:scalar|inv)'|(!read_ok))")]
    private static partial Regex Access();
}
