// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A kernel function declared with other arguments than it has: a struct that is only announced is another kind of type.
#include "bpf_core.h"

struct task_struct;

extern struct task_struct *bpf_task_from_pid(struct task_struct *pid) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

SEC("tp_btf/sched_switch")
int wrong_prototype(u64 *ctx)
{
	struct task_struct *task = bpf_task_from_pid((void *)ctx[1]);

	if (task)
		bpf_task_release(task);
	return 0;
}

LICENSE;
