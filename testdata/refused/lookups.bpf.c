// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Pointers that may be null, of which only their use tells what they are called.
#include "refused.h"

static long (*const bpf_sk_release)(void *sk) = (void *)86;

struct stat {
	u64 calls, bytes;
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, struct stat);
} stats SEC(".maps");

struct inner {
	__uint(type, HASH);
	__uint(max_entries, 8);
	__type(key, u32);
	__type(value, u64);
} inner SEC(".maps");

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { &inner },
};

static __noinline struct stat *find(u32 key)
{
	return bpf_map_lookup_elem(&stats, &key);
}

/* The function asks nothing, and who calls it does not either. */
SEC("tracepoint/syscalls/sys_enter_openat")
int of_function(void *ctx)
{
	struct stat *found = find(bpf_get_prandom_u32());

	found->bytes++;
	return 0;
}

SEC("tc")
int of_inner_map(struct __sk_buff *skb)
{
	u32 zero = 0, len = skb->len;
	void *map = bpf_map_lookup_elem(&outer, &zero);

	if (!map)
		return TC_ACT_OK;
	u64 *count = bpf_map_lookup_elem(map, &len);
	*count += 1;
	return TC_ACT_OK;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int kept_on_stack(void *ctx)
{
	u32 key = bpf_get_prandom_u32();
	struct stat *volatile kept = bpf_map_lookup_elem(&stats, &key);

	bpf_ktime_get_ns();
	kept->bytes = 3;
	return 0;
}

SEC("tc")
int of_socket(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk = bpf_sk_lookup_tcp(skb, &tuple, 12, -1, 0);
	u32 mark = sk->mark;

	bpf_sk_release(sk);
	return mark & 1;
}

LICENSE;
