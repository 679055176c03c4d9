// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// References that are not given back, and locks that are still held.
#include "refused.h"

struct event {
	u32 pid, uid;
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct locked {
	struct bpf_spin_lock lock;
	u32 count;
};

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct locked);
} values SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int record_kept(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = bpf_get_current_uid_gid();
	if (event->uid == 0)
		return 0;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tc")
int socket_kept(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk = bpf_sk_lookup_tcp(skb, &tuple, 12, -1, 0);

	return sk ? 2 : TC_ACT_OK;
}

SEC("tc")
int lock_held(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct locked *value = bpf_map_lookup_elem(&values, &zero);

	if (!value)
		return TC_ACT_OK;
	bpf_spin_lock(&value->lock);
	if (value->count++ > 10)
		return 2;
	bpf_spin_unlock(&value->lock);
	return TC_ACT_OK;
}

SEC("tc")
int call_under_lock(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct locked *value = bpf_map_lookup_elem(&values, &zero);

	if (!value)
		return TC_ACT_OK;
	bpf_spin_lock(&value->lock);
	value->count = bpf_ktime_get_ns();
	bpf_spin_unlock(&value->lock);
	return TC_ACT_OK;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int used_after_submit(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = 1;
	bpf_ringbuf_submit(event, 0);
	return event->uid;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int submitted_twice(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	bpf_ringbuf_submit(event, 0);
	bpf_ringbuf_discard(event, 0);
	return 0;
}

LICENSE;
