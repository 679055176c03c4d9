// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// What is held where the program does not go on: before a tail call, in a section of RCU, by a dynptr.
#include "refused.h"

static long (*const bpf_ringbuf_reserve_dynptr)(void *ringbuf, u32 size, u64 flags, void *pointer) = (void *)198;

struct bpf_dynptr {
	u64 data[2];
} __attribute__((aligned(8)));

struct {
	__uint(type, PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} programs SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

char buffer[16];

extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;

SEC("tc")
int before_tail_call(struct __sk_buff *skb)
{
	u64 *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record)
		return TC_ACT_OK;
	bpf_tail_call(skb, &programs, 0);
	bpf_ringbuf_discard(record, 0);
	return TC_ACT_OK;
}

static __noinline int go(struct __sk_buff *skb)
{
	volatile char text[64];

	text[skb->len & 31] = 1;
	bpf_tail_call(skb, &programs, 0);
	return text[3];
}

SEC("tc")
int stack_before_tail_call(struct __sk_buff *skb)
{
	volatile char text[300];

	text[skb->len & 255] = 1;
	return go(skb) + text[4];
}

static __noinline void leave(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, 0);
	asm volatile("");
}

SEC("tc")
int tail_call_without_result(struct __sk_buff *skb)
{
	leave(skb);
	return TC_ACT_OK;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int dynptr(void *ctx)
{
	struct bpf_dynptr pointer;

	bpf_ringbuf_reserve_dynptr(&events, 8, 0, &pointer);
	return 0;
}

SEC("uprobe.s//bin/true:main")
int sleeps_in_rcu(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_copy_from_user(buffer, sizeof(buffer), ctx);
	bpf_rcu_read_unlock();
	return 0;
}

LICENSE;
