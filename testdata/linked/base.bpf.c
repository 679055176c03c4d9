// SPDX-License-Identifier: MIT OR GPL-2.0-only
// One of three files that are linked into linked_rules.bpf.o: it defines what the others use and override.
#include "../include/bpf_core.h"

struct task_struct {
	int pid;
} __core;

struct entry {
	u32 hits;
	u16 flags;
};

u64 counter;
u32 numbers[4] = { 1, 2, 3, 4 };
char odd[3] = "ab";
const volatile u32 limit = 7;
__hidden u64 secret = 3;
static u32 state = 1;
extern u64 default_value;
extern u32 LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BPF __kconfig __weak;

struct inner {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} inner_map SEC(".maps");

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, u32);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { [2] = &inner_map },
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct entry);
} table SEC(".maps");

static __noinline int helper(int value)
{
	return value + state;
}

__weak __noinline int choose(int value)
{
	return helper(value) + 1;
}

__noinline int shared(int value)
{
	return choose(value) + helper(value);
}

SEC("raw_tp/sched_process_exec")
int base_program(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	u32 key = CORE_READ(task, pid) & 3;
	struct entry *found = bpf_map_lookup_elem(&table, &key);

	if (found)
		found->hits++;
	state++;
	counter += shared(1) + numbers[state & 3] + odd[state & 1] + default_value + secret + limit;
	counter += CONFIG_BPF ? LINUX_KERNEL_VERSION : 1;
	return 0;
}

LICENSE;
