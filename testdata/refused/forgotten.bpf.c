// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// What the verifier of Linux 7.3 forgets although it is read: the value on the stack that a Bloom filter is asked for (Linux 5.16).
#include "refused.h"

struct {
	__uint(type, BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, u32);
} seen SEC(".maps");

SEC("tc")
int peeked(struct __sk_buff *skb)
{
	u32 value = skb->len;
	u32 other = skb->ifindex;

	bpf_map_push_elem(&seen, &other, 0);
	return bpf_map_peek_elem(&seen, &value) == 0;
}

LICENSE;
