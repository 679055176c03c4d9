// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Arguments of helpers and accesses that are of no kind that the kernel takes.
#include "refused.h"

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int size_not_constant(void *ctx)
{
	u32 size = bpf_get_prandom_u32() & 255;
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	if (record)
		bpf_ringbuf_discard(record, 0);
	return 0;
}

SEC("xdp")
int atomic_in_packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	u64 *counter = data + 8;

	if (data + 32 > data_end)
		return XDP_PASS;
	__sync_fetch_and_add(counter, 1);
	return XDP_PASS;
}

SEC("xdp")
int metadata(struct xdp_md *ctx)
{
	u32 *meta = (void *)(long)ctx->data_meta;

	*meta = 7;
	return XDP_PASS;
}

SEC("tc")
int amid_member(struct __sk_buff *skb)
{
	return *(volatile u32 *)((char *)skb + 2);
}

SEC("tp_btf/sched_switch")
int beyond_arguments(u64 *ctx)
{
	return ctx[6];
}

SEC("tc")
int small_index(struct __sk_buff *skb)
{
	u32 key = 1;
	u64 *value = bpf_map_lookup_elem(&counts, &key);

	if (!value)
		return TC_ACT_OK;
	u32 at = skb->len & 3;
	return value[at];
}

SEC("cgroup/getsockopt")
int negative(struct bpf_sockopt *ctx)
{
	return -1;
}

LICENSE;
