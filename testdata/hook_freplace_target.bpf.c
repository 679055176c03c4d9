// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// A program with two global functions of the same prototype that others may replace.
#include "bpf_helpers.h"

__noinline int decide(struct __sk_buff *skb)
{
	return skb->len > 10000 ? 3 : 7;
}

__noinline int decide_again(struct __sk_buff *skb)
{
	return skb->len > 10000 ? 2 : 100;
}

SEC("tc")
int entry(struct __sk_buff *skb)
{
	return decide(skb) + decide_again(skb);
}

LICENSE;
