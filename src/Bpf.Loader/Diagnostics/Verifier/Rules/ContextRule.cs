using System.Text.RegularExpressions;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A part of the context that the program's type may not read or write, or not like this.</summary>
internal sealed partial class ContextRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last) return null;
        if (MissingArgument().Match(refusal.Verdict) is { Success: true } argument)
        {
            return refusal.Finding(
                BpfDiagnosticId.ContextMemberRefused, $"'{argument.Groups[1].Value}' has no argument {Number(last, argument)}.", "The kernel's BTF says what the function or tracepoint passes.",
                "Compare the program's arguments with the kernel's (`bpf btf dump`); of fexit programs the result stands behind the last one.");
        }

        if (Variable().IsMatch(refusal.Verdict))
        {
            return refusal.Finding(
                BpfDiagnosticId.ContextMemberRefused, "The context is accessed through a pointer that was moved.", "The kernel rewrites each access to the context, and must know which member it is.",
                "Access members by name on the pointer that the program was given: `ctx->member`; keep the compiler from joining two accesses with barrier_var().");
        }

        if (Access().Match(refusal.Verdict) is not { Success: true } match) return null;
        long offset = Numbers.Of(match.Groups[1]), size = Numbers.Of(match.Groups[2]);
        bool isWrite = last.Operation.Kind is OperationKind.Store or OperationKind.Atomic;
        string? member = refusal.ContextMember(offset);
        string context = refusal.Program.ContextType() is BtfType type ? $"struct {type.Name}" : "the context";
        string subject = member is null ? $"Byte {offset} of {context}" : $"Member '{member}' of {context}";
        string program = refusal.Program.Type == BpfProgramType.Unspecified ? "this program" : $"programs of type {refusal.Program.Type}";
        long? width = Width(refusal, offset);
        if (member is not null && !isWrite && refusal.Program.ContextType() is BtfType whole && !StartsMember(whole, offset))
        {
            return refusal.Finding(
                BpfDiagnosticId.ContextMemberRefused, $"{size} bytes at offset {offset} of {context} are read, in the midst of member '{member}'.", "The kernel rewrites each access to the context, and knows members as a whole.",
                "Read a member by its own type and at its own place: `ctx->" + member + "`, and take what is wanted of it by shifts.");
        }

        if (member is not null && width is long bytes && bytes != size && !isWrite)
        {
            return refusal.Finding(
                BpfDiagnosticId.ContextMemberRefused, $"{subject} has {bytes} bytes and is read with {size}.", "The kernel rewrites each access to the context, and knows members in their own size.",
                "Read it by its own type: `ctx->" + member + "`.");
        }

        if (isWrite)
        {
            return refusal.Finding(
                BpfDiagnosticId.ContextWritten, $"{subject} is written, which {program} may not.", "Most of a context is a copy of what the kernel knows.",
                Writable(refusal.Program.Type) is string writable ? $"These may be written: {writable}." : "Keep the value in a variable of the program, or in a map.");
        }

        return refusal.Finding(
            BpfDiagnosticId.ContextMemberRefused, $"{subject} cannot be read by {program}.", member is null ? "There is no member that the kernel knows." : "Which members may be read depends on the type of the program, and on the kernel.",
            Instead(member, refusal.Program.Type));
    }

    // Counted as the context is, from 0: the verifier counts from 1, and of tracepoints one that programs do not see.
    private static string Number(TraceStep last, Match argument)
        => last.Operation is { Kind: OperationKind.Load, Offset: >= 0 } load ? $"{load.Offset / 8} (from 0)" : argument.Groups[2].Value;

    private static bool StartsMember(BtfType type, long offset)
    {
        foreach (BtfMember member in type.Members)
        {
            long start = member.BitOffset / 8;
            BtfType inner = type.Reader.StripModifiers(member.TypeId);
            if (start == offset || (inner.Kind == BtfKind.Array && offset > start && type.Reader.TryGetSize(inner.Array.ElementTypeId, out uint size) && size > 0 && (offset - start) % size == 0
                && (inner.Array.Count == 0 || offset < start + ((long)size * inner.Array.Count)))) return true;
            if (inner.IsComposite && offset > start && type.Reader.TryGetSize(inner.Id, out uint length) && offset < start + length && StartsMember(inner, offset - start)) return true;
        }

        return false;
    }

    private static long? Width(VerifierCase refusal, long offset)
    {
        if (refusal.Program.ContextType() is not BtfType type) return null;
        foreach (BtfMember member in type.Members)
        {
            if (member.BitOffset / 8 == offset && type.Reader.TryGetSize(member.TypeId, out uint size) && type.Reader.StripModifiers(member.TypeId).Kind is BtfKind.Int or BtfKind.Enum) return size;
        }

        return null;
    }

    // net/core/filter.c: the is_valid_access functions.
    private static string? Writable(BpfProgramType type) => type switch
    {
        BpfProgramType.SchedCls or BpfProgramType.SchedAct => "mark, tc_index, priority, tc_classid, cb[], tstamp, queue_mapping",
        BpfProgramType.SocketFilter => "cb[]",
        BpfProgramType.CgroupSkb => "mark, priority, cb[]",
        BpfProgramType.CgroupSock => "bound_dev_if, mark, priority",
        BpfProgramType.CgroupSockAddr => "user_ip4, user_ip6, user_port, msg_src_ip4, msg_src_ip6",
        BpfProgramType.SockOps => "reply, replylong[], sk_txhash",
        BpfProgramType.CgroupSysctl => "file_pos",
        BpfProgramType.CgroupSockOpt => "level, optname, optlen, retval",
        _ => null,
    };

    private static string Instead(string? member, BpfProgramType type) => (member, type) switch
    {
        ("data" or "data_end" or "data_meta", BpfProgramType.SocketFilter) => "Socket filters read packets by bpf_skb_load_bytes(skb, offset, &buffer, size); direct access is for tc, XDP, cgroup_skb and sk_skb programs.",
        ("msg_src_ip4" or "msg_src_ip6", BpfProgramType.CgroupSockAddr) => "It is there for SEC(\"cgroup/sendmsg4\") and SEC(\"cgroup/sendmsg6\"), where a message names its source.",
        ("user_ip4", BpfProgramType.CgroupSockAddr) => "It is there for the hooks of IPv4: SEC(\"cgroup/connect4\"), SEC(\"cgroup/bind4\") and the like.",
        ({ } address, BpfProgramType.CgroupSockAddr) when address.StartsWith("user_ip6", System.StringComparison.Ordinal) => "It is there for the hooks of IPv6: SEC(\"cgroup/connect6\"), SEC(\"cgroup/bind6\") and the like.",
        ("egress_ifindex", BpfProgramType.Xdp) => "It is there for programs that a DEVMAP entry runs on the way out: SEC(\"xdp/devmap\").",
        ("tstamp" or "tc_classid" or "wire_len", _) => "It is there for tc programs (SEC(\"tcx/ingress\")).",
        (null, BpfProgramType.Kprobe) => "Take registers by PT_REGS_PARM1(ctx) and so on; of the context only struct pt_regs can be read.",
        _ => "Get it by a helper or in a program of another type, or do without it.",
    };

    [GeneratedRegex(@"invalid bpf_context access off=(-?\d+) size=(\d+)")]
    private static partial Regex Access();

    [GeneratedRegex(@"func '(\S+)' doesn't have (\d+)-th argument")]
    private static partial Regex MissingArgument();

    [GeneratedRegex(@"variable ctx access|dereference of modified ctx ptr|negative offset ctx ptr")]
    private static partial Regex Variable();
}
