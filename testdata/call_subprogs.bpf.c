// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Sub-programs in .text: static, global, weak and hidden, nested, shared by several programs in different orders.
#include "bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
} __core;

u64 calls;

static __noinline int leaf(int value)
{
	__sync_fetch_and_add(&calls, 1);
	return value * 3;
}

static __noinline int unused_by_second(int value)
{
	return leaf(value) - 1;
}

__noinline int global_function(int value)
{
	return leaf(value + 1) + unused_by_second(value);
}

__weak __noinline int weak_function(int value)
{
	return value ^ 5;
}

__hidden __noinline int hidden_function(u64 *pointer)
{
	*pointer += 1;
	return weak_function(*pointer);
}

static __noinline int current_pid(void)
{
	struct task_struct *task = bpf_get_current_task();

	return CORE_READ(task, pid) ? leaf(CORE_READ(task, tgid)) : 0;
}

SEC("syscall")
int first(void *ctx)
{
	return global_function(1) + leaf(2);
}

SEC("syscall")
int second(void *ctx)
{
	u64 local = 4;

	return hidden_function(&local) + leaf(2) + current_pid();
}

SEC("tracepoint/sched/sched_process_exec")
int third(void *ctx)
{
	return weak_function(1) ? 0 : current_pid() & 1;
}

LICENSE;
