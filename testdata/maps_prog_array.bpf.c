// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Tail calls into a table that the object fills itself.
#include "bpf_helpers.h"

int tail_zero(struct __sk_buff *skb);
int tail_three(struct __sk_buff *skb);

struct {
	__uint(type, PROG_ARRAY);
	__uint(max_entries, 6);
	__uint(key_size, 4);
	__array(values, int(struct __sk_buff *));
} table SEC(".maps") = {
	.values = { [0] = tail_zero, [3] = tail_three },
};

struct {
	__uint(type, PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, u32);
} empty SEC(".maps");

SEC("tc")
int tail_zero(struct __sk_buff *skb)
{
	return 100;
}

SEC("tc")
int tail_three(struct __sk_buff *skb)
{
	return 103;
}

SEC("tc")
int entry(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &empty, 0);
	bpf_tail_call(skb, &table, skb->len & 3);
	return 1;
}

LICENSE;
