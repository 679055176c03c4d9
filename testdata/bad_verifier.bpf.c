// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The verifier refuses the second program: it reads outside of its value, in a line that the log names.
#include "bpf_helpers.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64[2]);
} table SEC(".maps");

SEC("socket")
int accepted(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("socket")
int out_of_bounds(struct __sk_buff *skb)
{
	u32 zero = 0;
	u64 *value = bpf_map_lookup_elem(&table, &zero);

	if (!value)
		return 0;
	return value[skb->len];
}

LICENSE;
