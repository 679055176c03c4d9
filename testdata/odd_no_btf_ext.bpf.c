// SPDX-License-Identifier: MIT OR GPL-2.0-only
// strip: .BTF.ext
// BTF, but neither line nor function records.
#include "bpf_helpers.h"

u64 counter;

static __noinline u64 next(u64 value)
{
	return value + 3;
}

SEC("socket")
int count(struct __sk_buff *skb)
{
	counter = next(counter);
	return skb->len;
}

LICENSE;
