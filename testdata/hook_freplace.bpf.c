// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// A program that takes the place of a function of another, which must be given: that of hook_freplace_target.
#include "bpf_helpers.h"

u64 replaced;

SEC("freplace/decide")
int replacement(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&replaced, 1);
	return 42;
}

LICENSE;
