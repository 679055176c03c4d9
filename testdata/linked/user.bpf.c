// SPDX-License-Identifier: MIT OR GPL-2.0-only
// One of three files that are linked into linked_rules.bpf.o: it uses and overrides what base.bpf.c has.
#include "../include/bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
} __core;

struct entry {
	u32 hits;
	u16 flags;
};

extern u64 counter;
extern u32 numbers[];
extern __hidden u64 secret;
u64 default_value = 12;
static u32 state = 2;
static u64 seen;
extern u32 LINUX_KERNEL_VERSION __kconfig __weak;

extern struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct entry);
} table __attribute__((section(".maps")));

int shared(int value);

static __noinline int helper(int value)
{
	return value * state;
}

static long visit(void *map, u32 *key, struct entry *entry, void *context)
{
	seen += entry->hits;
	return 0;
}

__noinline int choose(int value)
{
	return helper(value) + 2;
}

SEC("raw_tp/sched_process_exec")
int user_program(struct bpf_raw_tracepoint_args *ctx)
{
	static const char text[] = "seen %d";
	struct task_struct *task = (void *)ctx->args[0];

	bpf_for_each_map_elem(&table, visit, NULL, 0);
	bpf_trace_printk(text, sizeof(text), CORE_READ(task, tgid));
	state = helper(shared(numbers[1]));
	counter += secret + default_value + LINUX_KERNEL_VERSION;
	return 0;
}

SEC("tp_btf/sched_process_exit")
int user_exit(u64 *ctx)
{
	return shared(1) & 0;
}

LICENSE;
