// SPDX-License-Identifier: MIT OR GPL-2.0-only
// One of three files that are linked into linked_rules.bpf.o: all that it defines loses to the others.
#include "../include/bpf_core.h"

__weak u64 default_value = 13;
__weak u32 numbers[4] = { 5, 6, 7, 8 };
__weak u64 only_weak = 14;

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} inner_map SEC(".maps") __weak;

static __noinline int helper(int value)
{
	return value + (int)only_weak;
}

__weak __noinline int choose(int value)
{
	return helper(value) + 3;
}

SEC("raw_tp/sched_process_exit")
int weak_program(void *ctx)
{
	only_weak += choose(default_value) + numbers[0];
	return 0;
}

LICENSE;
