// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Static functions with SEC(): programs, unless another function calls them or takes their address. libbpf refuses the object.
#include "bpf_helpers.h"

u64 runs;

SEC("socket")
static int alone(struct __sk_buff *skb)
{
	return ++runs;
}

SEC("socket")
static __noinline int called(u64 n)
{
	return n * n + runs;
}

SEC("socket")
static long callback(u32 index, void *context)
{
	runs += index;
	return 0;
}

SEC("xdp")
int global(struct xdp_md *ctx)
{
	bpf_loop(3, callback, NULL, 0);
	return called(runs) & 1;
}

SEC("?socket")
static int optional(struct __sk_buff *skb)
{
	return called(1);
}

SEC("socket")
static int no_program(u64 left, u64 right)
{
	return left + right;
}

LICENSE;
