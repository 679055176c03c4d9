// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A map that is pinned by its name.
#include "bpf_helpers.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
	__uint(pinning, 1);
} bpf_loader_pinned SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
	__uint(pinning, 0);
} not_pinned SEC(".maps");

SEC("syscall")
int increment(void *ctx)
{
	u32 zero = 0;
	u64 *value = bpf_map_lookup_elem(&bpf_loader_pinned, &zero);

	if (!value || !bpf_map_lookup_elem(&not_pinned, &zero))
		return -1;
	return __sync_fetch_and_add(value, 1);
}

LICENSE;
