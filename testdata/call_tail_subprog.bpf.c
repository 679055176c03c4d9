// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A tail call from a sub-program, and a global function with a context argument.
#include "bpf_helpers.h"

struct {
	__uint(type, PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} table SEC(".maps") = {
	.values = { NULL },
};

static __noinline int jump(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &table, 0);
	return 5;
}

__noinline int length(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("tc")
int entry(struct __sk_buff *skb)
{
	return jump(skb) + length(skb);
}

LICENSE;
