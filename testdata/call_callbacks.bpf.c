// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Pointers to functions: callbacks of helpers (Linux 5.13 and, for bpf_loop, 5.17).
#include "bpf_helpers.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 8);
	__type(key, u32);
	__type(value, u64);
} array SEC(".maps");

struct context {
	u64 sum;
	u32 steps;
};

u64 sum, loops;

static __noinline void account(struct context *context, u64 value)
{
	context->sum += value;
	context->steps++;
}

static long each(void *map, u32 *key, u64 *value, struct context *context)
{
	account(context, *value + *key);
	return 0;
}

static long loop_body(u32 index, struct context *context)
{
	account(context, index);
	return index >= 9;
}

SEC("syscall")
int for_each(void *ctx)
{
	struct context context = {};

	bpf_for_each_map_elem(&array, each, &context, 0);
	sum = context.sum;
	return context.steps;
}

SEC("syscall")
int loop(void *ctx)
{
	struct context context = {};

	loops = bpf_loop(100, loop_body, &context, 0);
	sum = context.sum;
	bpf_loop(2, loop_body, &context, 0);
	return context.steps;
}

LICENSE;
