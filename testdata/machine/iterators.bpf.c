// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Loops over bits (Linux 6.11), tasks and cgroups (6.7).
#include "bpf_core.h"
#include "objects.h"

struct task_struct {
	int pid;
	int tgid;
} __core;

struct cgroup_subsys_state {
	int id;
} __core;

u64 words[3];
u64 count;
u64 flags;
u64 found;

SEC("syscall")
int bits(void *ctx)
{
	struct bpf_iter_bits it;
	int *bit;

	found = 0;
	if (bpf_iter_bits_new(&it, words, count) == 0) {
		while ((bit = bpf_iter_bits_next(&it)))
			found = found * 1000 + *bit;
	}
	bpf_iter_bits_destroy(&it);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int tasks(u64 *ctx)
{
	struct bpf_iter_task it;
	struct task_struct *task;
	int error;

	found = 0;
	bpf_rcu_read_lock();
	error = bpf_iter_task_new(&it, (struct task_struct *)ctx[0], flags);
	while ((task = bpf_iter_task_next(&it)))
		found = found * 100 + task->pid;
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return error;
}

SEC("tp_btf/cgroup_mkdir")
int cgroups(u64 *ctx)
{
	struct bpf_iter_css it;
	struct cgroup_subsys_state *css;
	int error;

	found = 0;
	bpf_rcu_read_lock();
	error = bpf_iter_css_new(&it, (struct cgroup_subsys_state *)ctx[0], flags);
	while ((css = bpf_iter_css_next(&it)))
		found = found * 10 + css->id;
	bpf_iter_css_destroy(&it);
	bpf_rcu_read_unlock();
	return error;
}

LICENSE;
