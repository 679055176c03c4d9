// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A netfilter hook: Linux 6.4.
#include "bpf_core.h"

struct sk_buff {
	unsigned int len;
} __core;

struct bpf_nf_ctx {
	const void *state;
	struct sk_buff *skb;
} __core;

u64 packets, bytes;

SEC("netfilter")
int filter(struct bpf_nf_ctx *ctx)
{
	__sync_fetch_and_add(&packets, 1);
	__sync_fetch_and_add(&bytes, ctx->skb->len);
	return NF_ACCEPT;
}

LICENSE;
