// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Indexes and lengths whose bounds the verifier cannot tell, or that are too large.
#include "refused.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64[16]);
} histogram SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u8[64]);
} buffer SEC(".maps");

u32 table[8];

SEC("tracepoint/syscalls/sys_enter_openat")
int remainder_too_large(void *ctx)
{
	u32 zero = 0, slot = bpf_get_prandom_u32() % 20;
	u64 *slots = bpf_map_lookup_elem(&histogram, &zero);

	if (!slots)
		return 0;
	slots[slot]++;
	return 0;
}

SEC("socket")
int no_check(struct __sk_buff *skb)
{
	u32 zero = 0;
	u64 *slots = bpf_map_lookup_elem(&histogram, &zero);

	if (!slots)
		return 0;
	slots[skb->len]++;
	return 0;
}

SEC("socket")
int off_by_one(struct __sk_buff *skb)
{
	u32 zero = 0, slot = skb->len;
	u64 *slots = bpf_map_lookup_elem(&histogram, &zero);

	if (!slots || slot > 16)
		return 0;
	slots[slot]++;
	return 0;
}

SEC("socket")
int signed_index(struct __sk_buff *skb)
{
	u32 zero = 0;
	int slot = skb->len;
	u64 *slots = bpf_map_lookup_elem(&histogram, &zero);

	if (!slots || slot >= 16)
		return 0;
	slots[slot]++;
	return 0;
}

SEC("socket")
int global_array(struct __sk_buff *skb)
{
	return table[skb->len];
}

SEC("tracepoint/syscalls/sys_enter_openat")
int length_for_helper(struct syscall_enter *ctx)
{
	u32 zero = 0;
	u8 *bytes = bpf_map_lookup_elem(&buffer, &zero);

	if (!bytes)
		return 0;
	bpf_probe_read_user(bytes, ctx->args[2], (void *)ctx->args[1]);
	return 0;
}

SEC("socket")
int fixed_beyond(struct __sk_buff *skb)
{
	u32 zero = 0;
	u64 *slots = bpf_map_lookup_elem(&histogram, &zero);

	return slots ? slots[16] : 0;
}

SEC("socket")
int stack_index(struct __sk_buff *skb)
{
	volatile u8 local[16] = {};
	u32 at = skb->len;

	local[at] = 1;
	return local[3];
}

LICENSE;
