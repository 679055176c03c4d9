// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// What programs of one type may do with a packet or socket, and those of another may not.
#include "bpf_core.h"

struct bpf_sock_tuple {
	u32 saddr, daddr;
	u16 sport, dport;
};

static struct bpf_sock *(*const bpf_sk_lookup_tcp)(void *ctx, void *tuple, u32 size, u64 netns, u64 flags) = (void *)84;
static long (*const bpf_sk_release)(struct bpf_sock *sk) = (void *)86;
static long (*const bpf_sk_assign)(void *ctx, struct bpf_sock *sk, u64 flags) = (void *)124;

s64 results[8];

static __always_inline int write(struct __sk_buff *skb)
{
	u8 *data = (void *)(u64)skb->data, *end = (void *)(u64)skb->data_end;

	if (data + 4 > end)
		return -1;
	data[3] = 7;
	return 1;
}

SEC("tc")
int writes(struct __sk_buff *skb)
{
	return write(skb);
}

SEC("cgroup_skb/egress")
int writes_of_cgroup(struct __sk_buff *skb)
{
	return write(skb);
}

SEC("socket")
int reads_of_socket(struct __sk_buff *skb)
{
	return skb->data != 0;
}

SEC("socket")
int marks_of_socket(struct __sk_buff *skb)
{
	skb->cb[1] = 1;
	skb->mark = 1;
	return 0;
}

SEC("cgroup_skb/egress")
int marks_of_cgroup(struct __sk_buff *skb)
{
	skb->mark = 2;
	skb->tc_index = 1;
	return 1;
}

SEC("cgroup/getsockopt")
int option_is_read(struct bpf_sockopt *ctx)
{
	ctx->optname = 1;
	return 1;
}

SEC("cgroup/setsockopt")
int option_is_set(struct bpf_sockopt *ctx)
{
	ctx->optname = 1;
	ctx->optlen = 4;
	return ctx->retval + 1;
}

SEC("sk_lookup")
int assigns(struct bpf_sk_lookup *ctx)
{
	struct bpf_sock_tuple tuple = { .dport = 80 };
	struct bpf_sock *sk = bpf_sk_lookup_tcp(ctx, &tuple, sizeof(tuple), -1, 0);

	if (!sk)
		return 1;
	results[0] = bpf_sk_assign(ctx, sk, 8);
	results[1] = bpf_sk_assign(ctx, sk, 0);
	results[2] = bpf_sk_assign(ctx, sk, 0);
	results[3] = bpf_sk_assign(ctx, sk, 1);
	bpf_sk_release(sk);
	return 1;
}

LICENSE;
