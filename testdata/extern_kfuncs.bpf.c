// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel functions of Linux 6.2: strong, weak, and two flavors of one.
#include "bpf_core.h"

struct task_struct {
	int pid;
} __core;

extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern struct task_struct *bpf_task_acquire___no_such_shape(struct task_struct *task, int extra) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

int last_pid;

SEC("tp_btf/task_newtask")
int acquire(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0], *kept;

	if (!bpf_task_release)
		return 0;
	if (bpf_task_acquire___no_such_shape)
		kept = bpf_task_acquire___no_such_shape(task, 1);
	else
		kept = bpf_task_acquire(task);
	if (!kept)
		return 0;
	last_pid = kept->pid;
	bpf_task_release(kept);
	return 0;
}

LICENSE;
