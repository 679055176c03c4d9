// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Stacks that are too large over calls, or not wholly written.
#include "refused.h"

struct file_key {
	u32 pid;
	u64 inode;
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, struct file_key);
	__type(value, u64);
} files SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, u64);
	__type(value, u64);
} numbers SEC(".maps");

static __noinline int deep(int x)
{
	volatile char b[300];

	b[x & 255] = x;
	return b[(x + 1) & 255];
}

static __noinline int middle(int x)
{
	volatile char a[300];

	a[x & 255] = x;
	return deep(a[(x + 3) & 255]) + a[(x + 9) & 255];
}

SEC("xdp")
int over_calls(struct xdp_md *ctx)
{
	return middle(ctx->rx_queue_index) & 1 ? XDP_PASS : 1;
}

SEC("xdp")
int member(struct xdp_md *ctx)
{
	struct file_key key;
	u64 one = 1;

	key.pid = ctx->rx_queue_index;
	bpf_map_update_elem(&files, &key, &one, 0);
	return XDP_PASS;
}

SEC("xdp")
int never_written(struct xdp_md *ctx)
{
	u64 *value;

	asm volatile("%0 = r10\n%0 += -8" : "=r"(value));
	value = bpf_map_lookup_elem(&numbers, value);
	return value ? XDP_PASS : 1;
}

LICENSE;
