// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Maps in maps: with and without initial values, sparse, of named and anonymous inner definitions.
#include "bpf_helpers.h"

struct inner {
	__uint(type, ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, u32);
	__array(values, struct inner);
} with_values SEC(".maps") = {
	.values = { [1] = &first, [5] = &second },
};

struct {
	__uint(type, HASH_OF_MAPS);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__array(values, struct inner);
} hash_with_values SEC(".maps") = {
	.values = { &second, NULL, &first },
};

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct {
		__uint(type, HASH);
		__uint(max_entries, 16);
		__type(key, u64);
		__type(value, u32);
	});
} empty SEC(".maps");

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct {
		__uint(type, PERF_EVENT_ARRAY);
		__uint(key_size, 4);
		__uint(value_size, 4);
	});
} perf_arrays SEC(".maps");

static __noinline u64 read(void *outer, u32 slot)
{
	u32 key = 2;
	u64 *value;
	void *inner = bpf_map_lookup_elem(outer, &slot);

	if (!inner)
		return 0;
	value = bpf_map_lookup_elem(inner, &key);
	return value ? *value : 0;
}

SEC("syscall")
int sum(void *ctx)
{
	u32 zero = 0;

	return read(&with_values, 1) + read(&with_values, 5) * 10 + read(&hash_with_values, 0) * 100 +
	       !!bpf_map_lookup_elem(&empty, &zero) * 1000;
}

LICENSE;
