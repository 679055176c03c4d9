// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Programs that the verifier refuses: each does one thing that is a fault in the machine of Bpf.Loader.Testing.
#include "bpf_helpers.h"

struct event {
	u64 id;
	u64 more;
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, struct event);
} values SEC(".maps");

const volatile u64 constant = 7;
u64 counter;

SEC("xdp")
int behind_packet(struct xdp_md *ctx)
{
	u8 *data = (void *)(long)ctx->data;

	return data[100];
}

SEC("xdp")
int before_packet(struct xdp_md *ctx)
{
	u8 *data = (void *)(long)ctx->data;

	return data[-1];
}

SEC("xdp")
int null_value(struct xdp_md *ctx)
{
	u32 key = 1;
	struct event *value = bpf_map_lookup_elem(&values, &key);

	return value->more;
}

SEC("xdp")
int behind_value(struct xdp_md *ctx)
{
	u32 key = 2;
	struct event *value = bpf_map_lookup_elem(&values, &key);

	return value ? value[1].id : 0;
}

SEC("xdp")
int submitted(struct xdp_md *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return XDP_PASS;
	event->id = 1;
	bpf_ringbuf_submit(event, 0);
	event->more = 2;
	return XDP_PASS;
}

SEC("xdp")
int kept(struct xdp_md *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	return event ? 1 : XDP_PASS;
}

SEC("xdp")
int unwritten(struct xdp_md *ctx)
{
	volatile u64 number[2];

	number[0] = 1;
	return number[1];
}

SEC("xdp")
int constant_written(struct xdp_md *ctx)
{
	*(volatile u64 *)&constant = 8;
	return XDP_PASS;
}

SEC("xdp")
int endless(struct xdp_md *ctx)
{
	while (*(volatile u64 *)&counter < 1)
		*(volatile u64 *)&counter = 0;
	return XDP_PASS;
}

SEC("xdp")
int number_used(struct xdp_md *ctx)
{
	return *(volatile u32 *)0x123456789abcULL;
}

SEC("xdp")
int unknown_helper(struct xdp_md *ctx)
{
	long (*fib_lookup)(void *ctx, void *params, int size, u32 flags) = (void *)69;
	u64 parameters[8] = {};

	return fib_lookup(ctx, parameters, sizeof(parameters), 0);
}

static __noinline int inner(u8 *data)
{
	return data[1000];
}

SEC("xdp")
int in_function(struct xdp_md *ctx)
{
	return inner((void *)(long)ctx->data);
}

SEC("xdp")
int context_written(struct xdp_md *ctx)
{
	ctx->rx_queue_index = 1;
	return XDP_PASS;
}

LICENSE;
