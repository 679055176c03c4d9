// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Members of the context that the type may not read or write.
#include "refused.h"

SEC("socket")
int not_readable(struct __sk_buff *skb)
{
	return skb->tstamp ? 1 : 0;
}

SEC("xdp")
int written(struct xdp_md *ctx)
{
	ctx->ingress_ifindex = 7;
	return XDP_PASS;
}

SEC("socket")
int too_wide(struct __sk_buff *skb)
{
	return *(volatile u64 *)&skb->mark;
}

SEC("kprobe/do_unlinkat")
int beyond_registers(struct pt_regs *ctx)
{
	return ((u64 *)ctx)[40];
}

SEC("tracepoint/syscalls/sys_enter_openat")
int tracepoint_written(struct syscall_enter *ctx)
{
	ctx->args[0] = 1;
	return 0;
}

SEC("xdp")
int moved(struct xdp_md *ctx)
{
	u32 at = bpf_get_prandom_u32() & 4;

	return *(volatile u32 *)((u8 *)ctx + at);
}

LICENSE;
