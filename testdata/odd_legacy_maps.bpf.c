// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The maps section of old: libbpf gave it up with 1.0, we load it.
#include "bpf_helpers.h"

struct bpf_map_def SEC("maps") counters = {
	.type = ARRAY,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 4,
};

struct bpf_map_def SEC("maps") seen = {
	.type = HASH,
	.key_size = 8,
	.value_size = 8,
	.max_entries = 100,
	.map_flags = BPF_F_NO_PREALLOC,
};

int _version SEC("version") = 0x060100;

SEC("socket")
int count(struct __sk_buff *skb)
{
	u32 zero = 0;
	u64 key = skb->len, one = 1;
	u64 *value = bpf_map_lookup_elem(&counters, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	bpf_map_update_elem(&seen, &key, &one, 0);
	return skb->len;
}

LICENSE;
