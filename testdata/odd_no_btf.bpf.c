// SPDX-License-Identifier: MIT OR GPL-2.0-only
// strip: .BTF
// No BTF at all: data and calls, but no .maps, which need it.
#include "bpf_helpers.h"

u64 counter;
const volatile u32 step = 2;

static __noinline u64 next(u64 value)
{
	return value + step;
}

SEC("socket")
int count(struct __sk_buff *skb)
{
	counter = next(counter);
	return skb->len;
}

LICENSE;
