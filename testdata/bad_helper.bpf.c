// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A helper that no kernel has, and one that this type of program may not call.
#include "bpf_helpers.h"

static long (*const no_such_helper)(void) = (void *)9999;

SEC("socket")
int unknown_helper(struct __sk_buff *skb)
{
	return no_such_helper();
}

SEC("socket")
int forbidden_helper(struct __sk_buff *skb)
{
	return bpf_override_return((void *)skb, 1);
}

LICENSE;
