// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The map types that need nothing but a definition, and programs that use them.
#include "bpf_helpers.h"

struct key {
	u32 id;
	char name[12];
};

struct value {
	u64 count;
	u32 sizes[4];
};

struct lpm_key {
	u32 prefix_len;
	u8 address[4];
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 128);
	__type(key, struct key);
	__type(value, struct value);
} hash SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} array SEC(".maps");

struct {
	__uint(type, PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, u64);
} percpu_hash SEC(".maps");

struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u32);
} percpu_array SEC(".maps");

struct {
	__uint(type, LRU_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, u64);
} lru_hash SEC(".maps");

struct {
	__uint(type, LRU_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, u64);
} lru_percpu_hash SEC(".maps");

struct {
	__uint(type, LPM_TRIE);
	__uint(max_entries, 32);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct lpm_key);
	__type(value, u32);
} lpm SEC(".maps");

struct {
	__uint(type, QUEUE);
	__uint(max_entries, 8);
	__type(value, u32);
} queue SEC(".maps");

struct {
	__uint(type, STACK);
	__uint(max_entries, 8);
	__type(value, u64);
} stack SEC(".maps");

struct {
	__uint(type, STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__uint(value_size, 16 * 8);
} stack_trace SEC(".maps");

SEC("syscall")
int count(u64 *ctx)
{
	struct key key = { .id = 7, .name = "seven" };
	struct value fresh = { .count = 1 }, *value;
	u32 zero = 0, *small;
	u64 wide = 3, one = 1, *number;

	value = bpf_map_lookup_elem(&hash, &key);
	if (value)
		__sync_fetch_and_add(&value->count, 1);
	else
		bpf_map_update_elem(&hash, &key, &fresh, 0);

	number = bpf_map_lookup_elem(&array, &zero);
	if (number)
		*number += 1;
	number = bpf_map_lookup_elem(&percpu_hash, &zero);
	if (number)
		*number += 1;
	else
		bpf_map_update_elem(&percpu_hash, &zero, &one, 0);
	small = bpf_map_lookup_elem(&percpu_array, &zero);
	if (small)
		*small += 1;
	bpf_map_update_elem(&lru_hash, &wide, &one, 0);
	bpf_map_update_elem(&lru_percpu_hash, &wide, &one, 0);
	return 0;
}

SEC("tc")
int match(struct __sk_buff *skb)
{
	struct lpm_key key = { .prefix_len = 32, .address = { 10, 1, 2, 3 } };
	u32 *value = bpf_map_lookup_elem(&lpm, &key);

	return value ? *value : -1;
}

SEC("tc")
int push(struct __sk_buff *skb)
{
	u32 first = 0;
	u64 second = bpf_ktime_get_ns();

	bpf_map_pop_elem(&queue, &first);
	first++;
	bpf_map_push_elem(&queue, &first, 0);
	return bpf_map_push_elem(&stack, &second, 0);
}

SEC("tracepoint/sched/sched_process_exec")
int record(void *ctx)
{
	return bpf_get_stackid(ctx, &stack_trace, 0) < 0;
}

LICENSE;
