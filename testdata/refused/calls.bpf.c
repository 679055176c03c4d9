// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Tail calls, callbacks and global functions.
#include "refused.h"

struct {
	__uint(type, PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u32);
} jumps SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} numbers SEC(".maps");

static long wrong_result(u32 index, void *ctx)
{
	return 7;
}

SEC("tc")
int callback_result(struct __sk_buff *skb)
{
	bpf_loop(4, wrong_result, NULL, 0);
	return TC_ACT_OK;
}

SEC("tc")
int tail_call_wrong_map(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &numbers, 0);
	return TC_ACT_OK;
}

__attribute__((noinline)) int global_read(u64 *value)
{
	return *value;
}

SEC("tc")
int global_argument(struct __sk_buff *skb)
{
	u64 local = 1;

	return global_read(&local);
}

static __noinline int recursive(int depth)
{
	if (depth <= 0)
		return 0;
	return recursive(depth - 1) + recursive(depth - 2);
}

SEC("tc")
int recursion(struct __sk_buff *skb)
{
	return recursive(skb->len);
}

LICENSE;
