// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The verifier refuses it: the result of a lookup is used without asking whether it is there.
#include "bpf_helpers.h"

struct {
	__uint(type, HASH);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} table SEC(".maps");

static __noinline u64 read(u32 key)
{
	u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value;
}

SEC("socket")
int unchecked(struct __sk_buff *skb)
{
	return read(skb->len);
}

LICENSE;
