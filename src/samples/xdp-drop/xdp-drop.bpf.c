// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Drops packets by where they come from, before the network stack sees them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

/* IPv4 addresses are written as IPv6 has them, ::ffff:192.0.2.1, so that one list serves both. */
struct network {
	u32 prefix_length;
	u8 address[16];
};

/* Networks that nothing may come from, and how many packets did. Pinned, so that another process can change it. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, struct network);
	__type(value, u64);
} denied SEC(".maps");

u64 passed;

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *ethernet = data;
	struct network source = { .prefix_length = 128 };
	u64 *drops;

	/* The verifier wants to see each part of a packet compared with its end before it is read. */
	if ((void *)(ethernet + 1) > end)
		return XDP_PASS;
	if (ethernet->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(ethernet + 1);

		if ((void *)(ip + 1) > end)
			return XDP_PASS;
		source.address[10] = source.address[11] = 0xff;
		__builtin_memcpy(source.address + 12, &ip->saddr, 4);
	} else if (ethernet->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip = (void *)(ethernet + 1);

		if ((void *)(ip + 1) > end)
			return XDP_PASS;
		__builtin_memcpy(source.address, ip->saddr, 16);
	} else {
		return XDP_PASS;
	}

	drops = bpf_map_lookup_elem(&denied, &source);
	if (drops) {
		__sync_fetch_and_add(drops, 1);
		return XDP_DROP;
	}
	__sync_fetch_and_add(&passed, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
