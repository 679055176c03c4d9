// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Misaligned accesses, arithmetic on pointers, and values that are read-only.
#include "refused.h"

#pragma clang diagnostic ignored "-Waddress-of-packed-member"
#pragma clang diagnostic ignored "-Wsync-alignment"

struct counters {
	u8 flags;
	u64 packets;
} __packed;

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct counters);
} counts SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, u32);
	__type(value, u64);
} settings SEC(".maps");

const volatile u64 limit = 7;

SEC("xdp")
int misaligned(struct xdp_md *ctx)
{
	u32 zero = 0;
	struct counters *c = bpf_map_lookup_elem(&counts, &zero);

	if (c)
		__sync_fetch_and_add(&c->packets, 1);
	return XDP_PASS;
}

SEC("xdp")
int stack_misaligned(struct xdp_md *ctx)
{
	u64 result;

	asm volatile("r1 = 1\n*(u64 *)(r10 - 12) = r1\n%0 = *(u64 *)(r10 - 12)" : "=r"(result) : : "r1");
	return result;
}

SEC("xdp")
int multiplied(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 at = (u64)bpf_map_lookup_elem(&counts, &zero);

	if (!at)
		return XDP_PASS;
	return *(volatile u8 *)(at * 2);
}

SEC("xdp")
int two_pointers(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 at = (u64)bpf_map_lookup_elem(&counts, &zero);

	if (!at)
		return XDP_PASS;
	return *(volatile u8 *)(at + (u64)&zero);
}

SEC("xdp")
int constant_written(struct xdp_md *ctx)
{
	*(volatile u64 *)&limit = 8;
	return XDP_PASS;
}

SEC("xdp")
int read_only_map(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 *value = bpf_map_lookup_elem(&settings, &zero);

	if (value)
		*value = 3;
	return XDP_PASS;
}

LICENSE;
