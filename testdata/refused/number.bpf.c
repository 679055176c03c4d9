// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Numbers used as pointers.
#include "refused.h"

struct file {
	u64 flags;
};

u64 out;

SEC("raw_tp/sys_enter")
int argument_of_raw_tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx->args[0];

	out = regs->di;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int argument_of_syscall(struct syscall_enter *ctx)
{
	const char *path = (const char *)ctx->args[1];

	out = path[0];
	return 0;
}

SEC("kprobe/do_unlinkat")
int argument_of_kprobe(struct pt_regs *ctx)
{
	struct file *file = (struct file *)ctx->di;

	out = file->flags;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int current_task(void *ctx)
{
	struct { u64 state; } *task = bpf_get_current_task();

	out = task->state;
	return 0;
}

SEC("xdp")
int packet_after_move(struct xdp_md *ctx)
{
	u8 *data = (u8 *)(long)ctx->data;
	u8 *end = (u8 *)(long)ctx->data_end;

	if (data + 14 > end)
		return XDP_PASS;
	if (bpf_xdp_adjust_head(ctx, 14))
		return XDP_PASS;
	return data[0] ? XDP_PASS : 1;
}

SEC("socket")
int constant_address(struct __sk_buff *skb)
{
	return *(volatile u32 *)0x1000;
}

LICENSE;
