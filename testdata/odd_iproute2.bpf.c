// SPDX-License-Identifier: MIT OR GPL-2.0-only
// An object as iproute2's tc and Cilium wrote them: a longer definition with ids, pinning and a tail call by section.
#include "bpf_helpers.h"

struct bpf_elf_map {
	u32 type;
	u32 size_key;
	u32 size_value;
	u32 max_elem;
	u32 flags;
	u32 id;
	u32 pinning;
	u32 inner_id;
	u32 inner_idx;
};

struct bpf_elf_map SEC("maps") counters = {
	.type = ARRAY,
	.size_key = 4,
	.size_value = 8,
	.max_elem = 2,
};

struct bpf_elf_map SEC("maps") jumps = {
	.type = PROG_ARRAY,
	.size_key = 4,
	.size_value = 4,
	.max_elem = 4,
	.id = 7,
};

SEC("7/1")
int tail_one(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

SEC("classifier")
int entry(struct __sk_buff *skb)
{
	u32 zero = 0;
	u64 *value = bpf_map_lookup_elem(&counters, &zero);

	if (value)
		*value += 1;
	bpf_tail_call(skb, &jumps, 1);
	return -1;
}

LICENSE;
