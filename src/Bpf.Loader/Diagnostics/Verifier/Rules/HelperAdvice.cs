using System;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>What to use in place of a helper that a program's type does not have.</summary>
internal static class HelperAdvice
{
    /// <summary>What to use instead; null when nothing better than another type is known.</summary>
    public static string? Instead(string helper, BpfProgramType type) => (helper, type) switch
    {
        ("bpf_xdp_adjust_head" or "bpf_xdp_adjust_meta" or "bpf_xdp_adjust_tail", BpfProgramType.SchedCls or BpfProgramType.SchedAct)
            => "In tc programs bpf_skb_adjust_room() changes the room at the head, and bpf_skb_change_tail() the length.",
        ("bpf_xdp_adjust_head" or "bpf_xdp_adjust_meta" or "bpf_xdp_adjust_tail", _) => "Only XDP programs move the head and tail of a packet so.",
        (_, BpfProgramType.Xdp) when helper.StartsWith("bpf_skb_", StringComparison.Ordinal)
            => "XDP runs before there is an skb: change the packet through its pointers, or do this in a tc program (SEC(\"tcx/ingress\")).",
        ("bpf_override_return", _) => "Only kprobes of functions that are marked ALLOW_ERROR_INJECTION override results (SEC(\"kprobe/...\")); fmod_ret programs return the value itself.",
        ("bpf_get_current_pid_tgid" or "bpf_get_current_comm" or "bpf_get_current_uid_gid" or "bpf_get_current_task" or "bpf_get_current_cgroup_id",
            BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.CgroupSkb or BpfProgramType.SocketFilter)
            => "Packets are handled on behalf of no process: note the owner where the socket is used (SEC(\"cgroup/connect4\"), fentry), keyed by bpf_get_socket_cookie(), and look it up here.",
        ("bpf_copy_from_user", BpfProgramType.RawTracepoint or BpfProgramType.Tracepoint or BpfProgramType.Kprobe or BpfProgramType.PerfEvent or BpfProgramType.Tracing or BpfProgramType.Lsm)
            => "Use bpf_probe_read_user(), which fails where a page is not in memory; or a program that may sleep (SEC(\"fentry.s/...\"), SEC(\"lsm.s/...\"), kernel 5.11).",
        ("bpf_probe_read_user" or "bpf_probe_read_user_str" or "bpf_copy_from_user", _) => "Programs that handle packets cannot read a process's memory: do it in a tracing program and hand it over in a map.",
        ("bpf_probe_read" or "bpf_probe_read_kernel" or "bpf_probe_read_str" or "bpf_probe_read_kernel_str", _)
            => "Programs of this type read the kernel through typed pointers (BTF) only, or need CAP_PERFMON for it.",
        ("bpf_d_path", _) => "bpf_d_path() works in fentry, fexit, LSM and iterator programs of some functions only; since kernel 6.12 LSM programs have bpf_path_d_path().",
        ("bpf_redirect_map", _) => "Only XDP programs redirect through maps; tc programs use bpf_redirect(ifindex, flags).",
        ("bpf_sk_lookup_tcp" or "bpf_sk_lookup_udp" or "bpf_skc_lookup_tcp", _) => "Sockets are looked up in tc, XDP, sk_skb and cgroup_sock_addr programs.",
        ("bpf_perf_event_read_value" or "bpf_get_stackid" or "bpf_get_stack", _) => "Stacks and counters are read in tracing programs: kprobe, tracepoint, perf_event, raw_tp, fentry.",
        ("bpf_get_func_ip" or "bpf_get_attach_cookie", _) => "It exists for kprobe, uprobe, tracepoint, perf_event and fentry programs (kernel 5.15), and cookies want a link.",
        ("bpf_trace_printk" or "bpf_trace_vprintk", _) => "Programs without CAP_PERFMON cannot print to the trace pipe: write to a ring buffer.",
        _ => null,
    };
}
