// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel functions (those of 6.2 and later): strong, weak and present, weak and absent, two flavors of one.
#include "bpf_core.h"

struct task_struct {
	int pid;
} __core;

extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern struct task_struct *bpf_task_acquire___no_such_shape(struct task_struct *task, int extra) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;
extern int bpf_loader_missing_function(int value) __ksym __weak;

int last_pid;
u64 absent;

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

SEC("tp_btf/sched_switch")
int weak(u64 *ctx)
{
	if (bpf_rcu_read_lock && bpf_rcu_read_unlock) {
		bpf_rcu_read_lock();
		bpf_rcu_read_unlock();
	}
	if (bpf_loader_missing_function)
		absent = bpf_loader_missing_function(1);
	return 0;
}

LICENSE;
