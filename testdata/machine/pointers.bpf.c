// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Pointers to kernel objects, whose null the kernel makes 0, beside pointers to map values, whose null is a fault.
#include "bpf_core.h"

struct mm_struct {
	unsigned long arg_start;
} __core;

struct task_struct {
	struct mm_struct *mm;
	struct task_struct *real_parent;
	int tgid;
} __core;

struct {
	__uint(type, HASH);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} values SEC(".maps");

u64 found;

SEC("tp_btf/sched_process_exec")
int kernel_null(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	found = task->mm->arg_start + task->real_parent->real_parent->tgid + 7;
	return 0;
}

SEC("tp_btf/sched_process_exec")
int value_null(u64 *ctx)
{
	u32 key = 1;
	u64 *value = bpf_map_lookup_elem(&values, &key);

	found = *value;
	return 0;
}

SEC("raw_tp/sched_process_exec")
int untyped_null(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	found = (unsigned long)task->mm;
	return 0;
}

SEC("raw_tp/sched_process_exec")
int current_null(u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();

	found = task->mm->arg_start + 5;
	return 0;
}

static __noinline int tgid_of(struct task_struct *task)
{
	return task->real_parent->tgid;
}

SEC("tp_btf/sched_process_exec")
int in_function(u64 *ctx)
{
	found = tgid_of((void *)ctx[0]) + 3;
	return 0;
}

LICENSE;
