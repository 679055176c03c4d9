// SPDX-License-Identifier: MIT OR GPL-2.0-only
// How long threads that could run wait for a CPU.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "log2_histogram.bpf.h"

#define TASK_RUNNING 0

/* Since when a thread waits. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u32);
	__type(value, u64);
} waiting_since SEC(".maps");

const volatile u32 only_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, HISTOGRAM_SLOTS);
	__type(key, u32);
	__type(value, u64);
} microseconds SEC(".maps");

static __always_inline void waits(struct task_struct *task)
{
	u32 thread = task->pid;
	u64 now = bpf_ktime_get_ns();

	/* Thread 0 is that of an idle CPU. */
	if (thread && (!only_pid || task->tgid == only_pid))
		bpf_map_update_elem(&waiting_since, &thread, &now, BPF_ANY);
}

static __always_inline bool is_runnable(struct task_struct *task)
{
	struct task_struct___5_13 *old = (void *)task;

	return (bpf_core_field_exists(task->__state) ? task->__state : old->state) == TASK_RUNNING;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct *task)
{
	waits(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(woken_new, struct task_struct *task)
{
	waits(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *previous, struct task_struct *next)
{
	u32 thread = next->pid, slot;
	u64 *since, *count;

	/* Who had to go, although it could have gone on, waits again. */
	if (is_runnable(previous))
		waits(previous);

	since = bpf_map_lookup_elem(&waiting_since, &thread);
	if (!since)
		return 0;
	slot = log2_slot((bpf_ktime_get_ns() - *since) / 1000);
	count = bpf_map_lookup_elem(&microseconds, &slot);
	if (count)
		__sync_fetch_and_add(count, 1);
	bpf_map_delete_elem(&waiting_since, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
