// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Samples of a perf event, with their stacks.
#include "bpf_helpers.h"

struct {
	__uint(type, STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(u32));
	__uint(value_size, 127 * sizeof(u64));
} stacks SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

u64 samples, period;

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	u32 stack = bpf_get_stackid(ctx, &stacks, 0);
	u64 one = 1, *count;

	period = ctx->sample_period;
	__sync_fetch_and_add(&samples, 1);
	count = bpf_map_lookup_elem(&counts, &stack);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&counts, &stack, &one, 0);
	return 0;
}

LICENSE;
