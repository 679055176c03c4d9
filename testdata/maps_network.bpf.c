// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Maps that hold devices, processors, sockets and cgroups.
#include "bpf_helpers.h"

static long (*const bpf_skb_under_cgroup)(void *skb, void *map, u32 index) = (void *)33;
static long (*const bpf_sk_select_reuseport)(void *ctx, void *map, void *key, u64 flags) = (void *)82;
static long (*const bpf_sk_redirect_hash)(void *skb, void *map, void *key, u64 flags) = (void *)72;

struct {
	__uint(type, DEVMAP);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} devices SEC(".maps");

struct {
	__uint(type, DEVMAP_HASH);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 8);
} device_hash SEC(".maps");

struct {
	__uint(type, CPUMAP);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} processors SEC(".maps");

struct {
	__uint(type, XSKMAP);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, u32);
} xsks SEC(".maps");

struct {
	__uint(type, SOCKHASH);
	__uint(max_entries, 8);
	__type(key, u32);
	__type(value, u64);
} socket_hash SEC(".maps");

struct {
	__uint(type, REUSEPORT_SOCKARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} reuseport SEC(".maps");

struct {
	__uint(type, CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} cgroups SEC(".maps");

SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	switch (ctx->rx_queue_index & 3) {
	case 0: return bpf_redirect_map(&devices, 0, XDP_PASS);
	case 1: return bpf_redirect_map(&device_hash, 1, XDP_PASS);
	case 2: return bpf_redirect_map(&processors, 0, XDP_PASS);
	}
	return bpf_redirect_map(&xsks, 0, XDP_PASS);
}

SEC("sk_skb/stream_verdict")
int forward(struct __sk_buff *skb)
{
	u32 key = 1;

	return bpf_sk_redirect_hash(skb, &socket_hash, &key, 0);
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *ctx)
{
	u32 key = ctx->hash & 3;

	return bpf_sk_select_reuseport(ctx, &reuseport, &key, 0) == 0 ? SK_PASS : 0;
}

SEC("tc")
int inside(struct __sk_buff *skb)
{
	return bpf_skb_under_cgroup(skb, &cgroups, 0) == 1;
}

LICENSE;
