// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Kernel functions that are given what they do not take, and code that nothing reaches.
#include "refused.h"

struct task_struct {
	char comm[16];
	int pid;
	struct task_struct *real_parent;
} __core;

extern void bpf_task_release(struct task_struct *task) __ksym;

SEC("tp_btf/sched_switch")
int number_released(u64 *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	bpf_task_release(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int not_acquired(u64 *ctx)
{
	struct task_struct *next = (void *)ctx[2];

	bpf_task_release(next);
	return 0;
}

SEC("tp_btf/sched_switch")
int passed_over(u64 *ctx)
{
	asm volatile("r0 = 0; goto +1; r0 = 1");
	return 0;
}

LICENSE;
