// SPDX-License-Identifier: MIT OR GPL-2.0-only
// One of two files that bpftool links into linked.bpf.o.
#include "../include/bpf_core.h"

struct task_struct {
	int pid;
} __core;

u64 shared_counter = 1;
const volatile u32 shared_limit __weak = 10;
static u32 local_state;

int elsewhere(int value);
extern u64 other_counter;

__weak __noinline int overridden(int value)
{
	return value + 1;
}

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} shared_map SEC(".maps") __weak;

SEC("raw_tp/sched_process_exec")
int first_program(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];

	local_state += CORE_READ(task, pid);
	shared_counter += elsewhere(local_state) + overridden(1);
	other_counter++;
	return 0;
}

LICENSE;
