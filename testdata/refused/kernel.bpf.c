// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Kernel objects by BTF, and kernel functions.
#include "refused.h"

struct task_struct {
	char comm[16];
	int pid;
} __core;

u64 out;

extern struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
extern void no_such_kernel_function(void) __ksym __weak;

SEC("tp_btf/sched_switch")
int variable_offset(u64 *ctx)
{
	struct task_struct *next = (void *)ctx[2];
	u32 at = bpf_get_prandom_u32() & 15;

	out = *(volatile char *)((char *)next + at);
	return 0;
}

SEC("tp_btf/sched_switch")
int kernel_written(u64 *ctx)
{
	struct task_struct *next = (void *)ctx[2];

	next->pid = 1;
	return 0;
}

SEC("tp_btf/sched_switch")
int task_kept(u64 *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1);

	return task ? 0 : 1;
}

SEC("tp_btf/sched_switch")
int missing_function(u64 *ctx)
{
	no_such_kernel_function();
	return 0;
}

SEC("tp_btf/sched_switch")
int too_many_arguments(u64 *ctx)
{
	return ctx[9];
}

LICENSE;
