// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Loops whose counters the verifier does not follow.
#include "refused.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, u64);
} table SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int given_away(void *ctx)
{
	u64 sum = 0;

	for (u32 i = 0; i < 4096; i++) {
		u64 *value = bpf_map_lookup_elem(&table, &i);

		if (value && (*value & 1))
			sum += *value;
	}
	return sum & 1;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int counts_down(void *ctx)
{
	volatile u64 sum = 0;

	for (u32 n = bpf_get_prandom_u32(); n != 0; n--)
		sum += n;
	return sum & 1;
}

LICENSE;
