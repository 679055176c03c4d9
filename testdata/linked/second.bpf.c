// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The other file of linked.bpf.o.
#include "../include/bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
} __core;

extern u64 shared_counter;
const volatile u32 shared_limit __weak = 20;
u64 other_counter;
static u32 local_state = 5;

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} shared_map SEC(".maps") __weak;

__noinline int elsewhere(int value)
{
	u32 key = value & 3;
	u64 *found = bpf_map_lookup_elem(&shared_map, &key);

	return found ? *found : local_state;
}

__weak __noinline int overridden(int value)
{
	return value + 2;
}

SEC("raw_tp/sched_process_exec")
int second_program(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];

	if (shared_counter < shared_limit)
		local_state = CORE_READ(task, tgid);
	return overridden(local_state) & 0;
}

LICENSE;
