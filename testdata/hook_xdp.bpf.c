// SPDX-License-Identifier: MIT OR GPL-2.0-only
// XDP: with and without fragments, and the programs of devmap and cpumap entries.
#include "bpf_helpers.h"

struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} packets SEC(".maps");

static __always_inline int count(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 *value = bpf_map_lookup_elem(&packets, &zero);

	if (value)
		*value += 1;
	return XDP_PASS;
}

SEC("xdp")
int xdp_plain(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 14 > end)
		return XDP_PASS;
	return count(ctx);
}

SEC("xdp.frags")
int xdp_frags(struct xdp_md *ctx)
{
	return count(ctx);
}

SEC("xdp/devmap")
int xdp_devmap(struct xdp_md *ctx)
{
	return ctx->egress_ifindex ? XDP_PASS : 1;
}

SEC("xdp/cpumap")
int xdp_cpumap(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags/devmap")
int xdp_frags_devmap(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags/cpumap")
int xdp_frags_cpumap(struct xdp_md *ctx)
{
	return XDP_PASS;
}

LICENSE;
