// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Packets read beyond what was checked.
#include "refused.h"

SEC("xdp")
int beyond_check(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	if (eth->h_proto != 8)
		return XDP_PASS;
	return ip->protocol == 1 ? 1 : XDP_PASS;
}

SEC("tc")
int never_checked(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	return eth->h_proto == 8 ? 2 : TC_ACT_OK;
}

SEC("xdp")
int variable_length(struct xdp_md *ctx)
{
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 34 > end)
		return XDP_PASS;
	return data[14 + (data[14] & 15) * 4] ? 1 : XDP_PASS;
}

LICENSE;
