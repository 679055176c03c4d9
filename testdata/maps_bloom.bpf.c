// SPDX-License-Identifier: MIT OR GPL-2.0-only
// map_extra in both of its spellings: the number of hash functions of a Bloom filter (Linux 5.16).
#include "bpf_helpers.h"

struct {
	__uint(type, BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, u32);
	__uint(map_extra, 3);
} bloom SEC(".maps");

struct {
	__uint(type, BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, u64);
	__ulong(map_extra, 5);
} bloom_long SEC(".maps");

/* Not on the stack, where Linux 7.3 forgets it before it is read (testdata/refused/forgotten.bpf.c). */
static u32 value;

SEC("tc")
int remember(struct __sk_buff *skb)
{
	u64 wide = skb->len;

	value = wide;
	bpf_map_push_elem(&bloom_long, &wide, 0);
	return bpf_map_peek_elem(&bloom, &value) == 0;
}

LICENSE;
