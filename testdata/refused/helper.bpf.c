// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Helpers that the program may not call, or calls wrongly.
#include "refused.h"

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int not_for_type(struct __sk_buff *skb)
{
	return bpf_xdp_adjust_head(skb, 14);
}

SEC("socket")
int not_for_socket(struct __sk_buff *skb)
{
	return bpf_get_current_uid_gid();
}

SEC("tracepoint/syscalls/sys_enter_openat")
int override(void *ctx)
{
	return bpf_override_return(ctx, -1);
}

char buffer[16];

SEC("raw_tp/sys_enter")
int may_sleep(struct bpf_raw_tracepoint_args *ctx)
{
	bpf_copy_from_user(buffer, sizeof(buffer), (void *)ctx->args[0]);
	return 0;
}

SEC("socket")
int wrong_map(struct __sk_buff *skb)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&events, &key) ? 1 : 0;
}

SEC("socket")
int wrong_argument(struct __sk_buff *skb)
{
	u64 *value = bpf_map_lookup_elem(&counts, (void *)(long)skb->len);

	return value ? *value : 0;
}

LICENSE;
