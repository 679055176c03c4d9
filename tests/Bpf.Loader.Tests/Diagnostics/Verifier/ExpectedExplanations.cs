using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Verifier;

/// <summary>What the programs of <c>testdata/refused</c> are told, by recorded logs and by the kernel that the tests run on.</summary>
internal static class ExpectedExplanations
{
    // What each program must be told: the id, a part of what is wrong, the line, and a part of where the value came from.
    private static readonly Dictionary<string, (BpfDiagnosticId Id, string What, string Source, string Origin)> Expected = new()
    {
        ["null/unchecked"] = (BpfDiagnosticId.PointerMayBeNull, "'stat' may be NULL", "stat->bytes += 1;", "the look-up in map 'stats'"),
        ["null/unchecked_record"] = (BpfDiagnosticId.PointerMayBeNull, "'record' may be NULL", "*record = bpf_ktime_get_ns();", "bpf_ringbuf_reserve() on map 'events'"),
        ["null/unchecked_inner"] = (BpfDiagnosticId.PointerMayBeNull, "'value' may be NULL", "return *value;", "the look-up in an inner map of 'outer'"),
        ["null/unchecked_outer"] = (BpfDiagnosticId.PointerMayBeNull, "'map' may be NULL", "u64 *value = bpf_map_lookup_elem(map, &one);", "the look-up in map 'outer'"),
        ["null/checked_other"] = (BpfDiagnosticId.PointerMayBeNull, "'all' may be NULL", "all->calls++;", "the look-up in map 'stats'"),
        ["null/unchecked_socket"] = (BpfDiagnosticId.PointerMayBeNull, "may be NULL", "struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);", "member 'sk' of the context"),
        ["null/null_to_helper"] = (BpfDiagnosticId.PointerMayBeNull, "bpf_get_current_comm()", "bpf_get_current_comm(stat, sizeof(*stat));", "the look-up in map 'stats'"),
        ["number/argument_of_raw_tracepoint"] = (BpfDiagnosticId.NumberUsedAsPointer, "'regs'", "out = regs->di;", "argument 0 of the hook"),
        ["number/argument_of_syscall"] = (BpfDiagnosticId.NumberUsedAsPointer, "'path'", "out = path[0];", "member 'args[1]' of the context"),
        ["number/argument_of_kprobe"] = (BpfDiagnosticId.NumberUsedAsPointer, "'file'", "out = file->flags;", "member 'di' of the context"),
        ["number/current_task"] = (BpfDiagnosticId.NumberUsedAsPointer, "'task'", "out = task->state;", "the result of bpf_get_current_task()"),
        ["number/packet_after_move"] = (BpfDiagnosticId.NumberUsedAsPointer, "bpf_xdp_adjust_head() may have moved it", "return data[0] ? XDP_PASS : 1;", "the call of bpf_xdp_adjust_head()"),
        ["number/constant_address"] = (BpfDiagnosticId.NumberUsedAsPointer, "only a number", "return *(volatile u32 *)0x1000;", "the number 0x1000"),
        ["bounds/remainder_too_large"] = (BpfDiagnosticId.IndexOutOfBounds, "'slot' may be as large as 19; the value of map 'histogram' has 16 elements of 8 bytes", "slots[slot]++;", "%= 20"),
        ["bounds/no_check"] = (BpfDiagnosticId.IndexOutOfBounds, "'skb->len' may be any number", "slots[skb->len]++;", "member 'len' of the context"),
        ["bounds/off_by_one"] = (BpfDiagnosticId.IndexOutOfBounds, "'slot' may be as large as 16", "slots[slot]++;", "the comparison"),
        ["bounds/signed_index"] = (BpfDiagnosticId.IndexOutOfBounds, "'slot' may be negative", "slots[slot]++;", "the comparison"),
        ["bounds/global_array"] = (BpfDiagnosticId.IndexOutOfBounds, "'table' has 8 elements of 4 bytes", "return table[skb->len];", "member 'len' of the context"),
        ["bounds/length_for_helper"] = (BpfDiagnosticId.IndexOutOfBounds, "the value of map 'buffer' has 64 bytes", "bpf_probe_read_user(bytes, ctx->args[2], (void *)ctx->args[1]);", "member 'args[2]' of the context"),
        ["bounds/fixed_beyond"] = (BpfDiagnosticId.IndexOutOfBounds, "offset 128 of the value of map 'histogram', which has 128 bytes", "return slots ? slots[16] : 0;", "the look-up in map 'histogram'"),
        ["bounds/stack_index"] = (BpfDiagnosticId.IndexOutOfBounds, "'at' may be any number", "local[at] = 1;", "member 'len' of the context"),
        ["packet/beyond_check"] = (BpfDiagnosticId.PacketNotChecked, "Byte 23 of the packet is read; 14 bytes were checked", "return ip->protocol == 1 ? 1 : XDP_PASS;", "the check"),
        ["packet/never_checked"] = (BpfDiagnosticId.PacketNotChecked, "Bytes 12 to 13 of the packet are read, and nothing has compared", "return eth->h_proto == 8 ? 2 : TC_ACT_OK;", "member 'data' of the context"),
        ["packet/variable_length"] = (BpfDiagnosticId.PacketNotChecked, "at a variable place", "return data[14 + (data[14] & 15) * 4] ? 1 : XDP_PASS;", "the check"),
        ["loops/no_end"] = (BpfDiagnosticId.LoopWithoutEnd, "cannot see where this loop ends", "for (i = 0; i != n; i++)", ""),
        ["loops/endless"] = (BpfDiagnosticId.LoopWithoutEnd, "no end", "for (;;)", ""),
        ["loops/too_complex"] = (BpfDiagnosticId.TooComplex, "too much for the verifier", "for (int i = 0; i < 60000; i++) {", ""),
        ["counters/given_away"] = (BpfDiagnosticId.LoopWithoutEnd, "loses the counter of this loop", "", ""),
        ["counters/counts_down"] = (BpfDiagnosticId.LoopWithoutEnd, "loop", "", ""), // kernels give up at different places of it
        ["stack/over_calls"] = (BpfDiagnosticId.StackTooLarge, "bytes on the stack together; 512 are allowed", "static __noinline int middle(int x)", ""),
        ["stack/member"] = (BpfDiagnosticId.StackNotWritten, "Member 'inode' of the key was not written", "bpf_map_update_elem(&files, &key, &one, 0);", "the key of map 'files'"),
        ["stack/never_written"] = (BpfDiagnosticId.StackNotWritten, "Byte 0 of the key was not written", "value = bpf_map_lookup_elem(&numbers, value);", "the key of map 'numbers'"),
        ["forgotten/peeked"] = (BpfDiagnosticId.StackNotWritten, "the verifier has forgotten it before bpf_map_peek_elem() reads it", "return bpf_map_peek_elem(&seen, &value) == 0;", ""),
        ["helper/not_for_type"] = (BpfDiagnosticId.HelperNotForType, "cannot call bpf_xdp_adjust_head()", "return bpf_xdp_adjust_head(skb, 14);", ""),
        ["helper/not_for_socket"] = (BpfDiagnosticId.HelperNotForType, "cannot call bpf_get_current_uid_gid()", "return bpf_get_current_uid_gid();", ""),
        ["helper/override"] = (BpfDiagnosticId.HelperNotForType, "cannot call bpf_override_return()", "return bpf_override_return(ctx, -1);", ""),
        ["helper/may_sleep"] = (BpfDiagnosticId.HelperMaySleep, "bpf_copy_from_user() may sleep", "bpf_copy_from_user(buffer, sizeof(buffer), (void *)ctx->args[0]);", ""),
        ["helper/wrong_map"] = (BpfDiagnosticId.HelperArgumentRefused, "The map 'events' is of type RingBuf", "return bpf_map_lookup_elem(&events, &key) ? 1 : 0;", "map 'events'"),
        ["helper/wrong_argument"] = (BpfDiagnosticId.HelperArgumentRefused, "Argument 2 of bpf_map_lookup_elem()", "u64 *value = bpf_map_lookup_elem(&counts, (void *)(long)skb->len);", "member 'len' of the context"),
        ["license/only_for_gpl"] = (BpfDiagnosticId.HelperNeedsGpl, "bpf_probe_read_kernel() is for programs under a GPL-compatible license; 'MIT' is not one", "bpf_probe_read_kernel(&value, sizeof(value), ctx);", ""),
        ["context/not_readable"] = (BpfDiagnosticId.ContextMemberRefused, "Member 'tstamp' of struct __sk_buff cannot be read", "return skb->tstamp ? 1 : 0;", ""),
        ["context/written"] = (BpfDiagnosticId.ContextWritten, "Member 'ingress_ifindex' of struct xdp_md is written", "ctx->ingress_ifindex = 7;", ""),
        ["context/too_wide"] = (BpfDiagnosticId.ContextMemberRefused, "Member 'mark' of struct __sk_buff has 4 bytes and is read with 8", "return *(volatile u64 *)&skb->mark;", ""),
        ["context/beyond_registers"] = (BpfDiagnosticId.ContextMemberRefused, "Byte 320 of struct pt_regs", "return ((u64 *)ctx)[40];", ""),
        ["context/tracepoint_written"] = (BpfDiagnosticId.ContextWritten, "Member 'args[0]' of struct syscall_enter is written", "ctx->args[0] = 1;", ""),
        ["context/moved"] = (BpfDiagnosticId.ContextMemberRefused, "through a pointer that was moved", "return *(volatile u32 *)((u8 *)ctx + at);", ""),
        ["returns/errno_for_cgroup"] = (BpfDiagnosticId.WrongReturnValue, "may return -1, and only 0 or 1 are allowed for SEC(\"cgroup/connect4\")", "", ""),
        ["returns/unknown"] = (BpfDiagnosticId.WrongReturnValue, "only 0 or 1 are allowed", "return ctx->family;", "member 'family' of the context"),
        ["returns/no_result"] = (BpfDiagnosticId.NoValue, "ends without a return value", "asm volatile(\"exit\");", ""),
        ["references/record_kept"] = (BpfDiagnosticId.ReferenceKept, "'event', which bpf_ringbuf_reserve() gave, is not given back", "}", "taken by bpf_ringbuf_reserve()"),
        ["references/socket_kept"] = (BpfDiagnosticId.ReferenceKept, "'sk', which bpf_sk_lookup_tcp() gave, is not given back", "return sk ? 2 : TC_ACT_OK;", "taken by bpf_sk_lookup_tcp()"),
        ["references/lock_held"] = (BpfDiagnosticId.LockHeld, "a lock is held", "}", "bpf_spin_lock()"),
        ["references/call_under_lock"] = (BpfDiagnosticId.LockHeld, "bpf_ktime_get_ns() is called while a lock is held", "value->count = bpf_ktime_get_ns();", "bpf_spin_lock()"),
        ["references/used_after_submit"] = (BpfDiagnosticId.UsedAfterRelease, "'event' is used after bpf_ringbuf_submit() gave it away", "return event->uid;", "given away by bpf_ringbuf_submit()"),
        ["references/submitted_twice"] = (BpfDiagnosticId.UsedAfterRelease, "'event' is used after bpf_ringbuf_submit() gave it away", "bpf_ringbuf_discard(event, 0);", "given away by bpf_ringbuf_submit()"),
        ["pointers/misaligned"] = (BpfDiagnosticId.Misaligned, "Member 'packets' of 8 bytes is accessed at offset 1", "__sync_fetch_and_add(&c->packets, 1);", "the look-up in map 'counts'"),
        ["pointers/stack_misaligned"] = (BpfDiagnosticId.Misaligned, "8 bytes are accessed at offset -12 of the stack", "", ""),
        ["pointers/multiplied"] = (BpfDiagnosticId.PointerArithmetic, "is changed by '<<'", "return *(volatile u8 *)(at * 2);", "the look-up in map 'counts'"),
        ["pointers/two_pointers"] = (BpfDiagnosticId.PointerArithmetic, "Two pointers are combined by '+'", "return *(volatile u8 *)(at + (u64)&zero);", "the look-up in map 'counts'"),
        ["pointers/constant_written"] = (BpfDiagnosticId.ReadOnlyMemoryWritten, "'limit' is a constant", "*(volatile u64 *)&limit = 8;", "variable 'limit'"),
        ["pointers/read_only_map"] = (BpfDiagnosticId.ReadOnlyMemoryWritten, "The value of map 'settings' is written", "*value = 3;", "the look-up in map 'settings'"),
        ["kernel/variable_offset"] = (BpfDiagnosticId.KernelObjectRefused, "'next', a pointer to struct task_struct, is read at a variable offset", "out = *(volatile char *)((char *)next + at);", "argument 2 of the hook"),
        ["kernel/kernel_written"] = (BpfDiagnosticId.KernelObjectRefused, "is written through", "next->pid = 1;", "argument 2 of the hook"),
        ["kernel/task_kept"] = (BpfDiagnosticId.ReferenceKept, "'task', which bpf_task_from_pid() gave, is not given back", "return task ? 0 : 1;", "taken by bpf_task_from_pid()"),
        ["kernel/missing_function"] = (BpfDiagnosticId.MissingHelper, "", "no_such_kernel_function();", ""),
        ["kernel/too_many_arguments"] = (BpfDiagnosticId.ContextMemberRefused, "'sched_switch' has no argument", "return ctx[9];", ""),
        ["lookups/of_function"] = (BpfDiagnosticId.PointerMayBeNull, "'found' may be NULL", "found->bytes++;", "the look-up in map 'stats'"),
        ["lookups/of_inner_map"] = (BpfDiagnosticId.PointerMayBeNull, "'count' may be NULL", "*count += 1;", "the look-up in an inner map of 'outer'"),
        ["lookups/kept_on_stack"] = (BpfDiagnosticId.PointerMayBeNull, "'kept' may be NULL", "kept->bytes = 3;", "the look-up in map 'stats'"),
        ["lookups/of_socket"] = (BpfDiagnosticId.PointerMayBeNull, "'sk' may be NULL", "u32 mark = sk->mark;", "the result of bpf_sk_lookup_tcp()"),
        ["arguments/size_not_constant"] = (BpfDiagnosticId.HelperArgumentRefused, "Argument 2 of bpf_ringbuf_reserve() ('size') is only known when the program runs", "void *record = bpf_ringbuf_reserve(&events, size, 0);", "the result of bpf_get_prandom_u32()"),
        ["arguments/atomic_in_packet"] = (BpfDiagnosticId.ReadOnlyMemoryWritten, "An atomic operation is done in the packet", "__sync_fetch_and_add(counter, 1);", "member 'data' of the context"),
        ["arguments/metadata"] = (BpfDiagnosticId.PacketNotChecked, "The metadata before the packet is written, and nothing has compared its place with data", "*meta = 7;", "member 'data_meta' of the context"),
        ["arguments/amid_member"] = (BpfDiagnosticId.ContextMemberRefused, "4 bytes at offset 2 of struct __sk_buff are read, in the midst of member 'len'", "return *(volatile u32 *)((char *)skb + 2);", ""),
        ["arguments/beyond_arguments"] = (BpfDiagnosticId.ContextMemberRefused, "'sched_switch' has no argument 6 (from 0)", "return ctx[6];", ""),
        ["arguments/small_index"] = (BpfDiagnosticId.IndexOutOfBounds, "'at' may be as large as 3; the value of map 'counts' has 1 element of 8 bytes", "return value[at];", "&= 3"),
        ["arguments/negative"] = (BpfDiagnosticId.WrongReturnValue, "may return -1, and only 0 or 1 are allowed", "return -1;", ""),
        ["held/before_tail_call"] = (BpfDiagnosticId.ReferenceKept, "'record', which bpf_ringbuf_reserve() gave, is not given back before the tail call", "bpf_tail_call(skb, &programs, 0);", "taken by bpf_ringbuf_reserve()"),
        ["held/stack_before_tail_call"] = (BpfDiagnosticId.StackTooLarge, "bytes on the stack together; 256 are allowed", "", ""),
        ["held/tail_call_without_result"] = (BpfDiagnosticId.CallRefused, "The tail call is not allowed here", "bpf_tail_call(skb, &programs, 0);", ""),
        ["held/dynptr"] = (BpfDiagnosticId.ReferenceKept, "What bpf_ringbuf_reserve_dynptr() gave is not given back", "return 0;", "taken by bpf_ringbuf_reserve_dynptr()"),
        ["held/sleeps_in_rcu"] = (BpfDiagnosticId.LockHeld, "bpf_copy_from_user() may sleep, and is called while a section of RCU is open", "bpf_copy_from_user(buffer, sizeof(buffer), ctx);", "bpf_rcu_read_lock()"),
        ["calls/callback_result"] = (BpfDiagnosticId.WrongReturnValue, "The callback may return 7", "return 7;", ""),
        ["calls/tail_call_wrong_map"] = (BpfDiagnosticId.HelperArgumentRefused, "which bpf_tail_call() does not take", "bpf_tail_call(skb, &numbers, 0);", "map 'numbers'"),
        ["calls/global_argument"] = (BpfDiagnosticId.PointerMayBeNull, "may be NULL", "return *value;", "an argument of the function"),
        ["misused/number_released"] = (BpfDiagnosticId.KernelFunctionRefused, "'task' is not what bpf_task_release() takes: it wants a pointer to struct task_struct that the kernel gave", "bpf_task_release(task);", "the result of bpf_get_current_task()"),
        ["misused/not_acquired"] = (BpfDiagnosticId.KernelFunctionRefused, "'next' was not acquired, and bpf_task_release() gives back what was", "bpf_task_release(next);", "argument 2 of the hook"),
        ["misused/passed_over"] = (BpfDiagnosticId.CodeUnreachable, "Nothing reaches this code", "asm volatile(\"r0 = 0; goto +1; r0 = 1\");", ""),
        ["calls/recursion"] = (BpfDiagnosticId.CallRefused, "calls itself", "return recursive(depth - 1) + recursive(depth - 2);", ""),
    };

    // What an old kernel does not know it refuses for another reason; without CAP_PERFMON more is refused.
    private static readonly Dictionary<string, (BpfDiagnosticId Id, string What, string Source, string Origin)> ExpectedElsewhere = new()
    {
        ["5.10 calls/callback_result"] = (BpfDiagnosticId.FunctionInfoMissing, "The types of the functions do not fit the code", "", ""),
        ["5.10 calls/global_argument"] = (BpfDiagnosticId.CallRefused, "The global function global_read has a parameter", "", ""),
        ["6.18-without-perfmon stack/over_calls"] = (BpfDiagnosticId.IndexOutOfBounds, "is not seen to stay within the variable on the stack", "", ""),
        ["6.1 held/sleeps_in_rcu"] = (BpfDiagnosticId.MissingHelper, "", "bpf_rcu_read_lock();", ""), // 6.2 is the first with this function
        ["5.10 held/sleeps_in_rcu"] = (BpfDiagnosticId.HelperMaySleep, "may not sleep on this kernel", "", ""),
        ["7.3 misused/number_released"] = (BpfDiagnosticId.KernelFunctionRefused, "'task' was not acquired", "bpf_task_release(task);", "the result of bpf_get_current_task()"),
        ["5.10 held/dynptr"] = (BpfDiagnosticId.MissingHelper, "helper 198", "bpf_ringbuf_reserve_dynptr(&events, 8, 0, &pointer);", ""), // 5.19
        ["5.10 helper/may_sleep"] = (BpfDiagnosticId.HelperNotForType, "cannot call bpf_copy_from_user()", "bpf_copy_from_user(buffer, sizeof(buffer), (void *)ctx->args[0]);", ""),
    };

    /// <summary>The programs, as <c>source/function</c>.</summary>
    public static IEnumerable<string> Programs => Expected.Keys;

    /// <summary>The name of a program of an object.</summary>
    public static string Name(string file, string program) => $"{file.Split('.')[0]}/{program}";

    /// <summary>What a program is told on a kernel.</summary>
    public static (BpfDiagnosticId Id, string What, string Source, string Origin) Of(string kernel, string file, string program)
        => ExpectedElsewhere.TryGetValue($"{kernel} {Name(file, program)}", out var old) ? old : Expected[Name(file, program)];
}
