// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Pointers that may be null, used without a test.
#include "refused.h"

struct proc_stat {
	u64 calls, bytes;
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct proc_stat);
} stats SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct inner {
	__uint(type, ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
};

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, u32);
	__array(values, struct inner);
} outer SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int unchecked(void *ctx)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct proc_stat *stat = bpf_map_lookup_elem(&stats, &pid);

	stat->bytes += 1;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int unchecked_record(void *ctx)
{
	u64 *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	*record = bpf_ktime_get_ns();
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("socket")
int unchecked_inner(struct __sk_buff *skb)
{
	u32 zero = 0, one = 1;
	void *map = bpf_map_lookup_elem(&outer, &zero);
	u64 *value;

	if (!map)
		return 0;
	value = bpf_map_lookup_elem(map, &one);
	return *value;
}

SEC("socket")
int unchecked_outer(struct __sk_buff *skb)
{
	u32 zero = 0, one = 1;
	void *map = bpf_map_lookup_elem(&outer, &zero);
	u64 *value = bpf_map_lookup_elem(map, &one);

	return value ? *value : 0;
}

/* What is asked is the one, what is used is the other. */
SEC("tracepoint/syscalls/sys_enter_openat")
int checked_other(void *ctx)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32, zero = 0;
	struct proc_stat *mine = bpf_map_lookup_elem(&stats, &pid);
	struct proc_stat *all = bpf_map_lookup_elem(&stats, &zero);

	if (!mine)
		return 0;
	mine->calls++;
	all->calls++;
	return 0;
}

SEC("cgroup_skb/egress")
int unchecked_socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = bpf_sk_fullsock(skb->sk);

	return sk->family == 2;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int null_to_helper(void *ctx)
{
	u32 pid = 0;
	struct proc_stat *stat = bpf_map_lookup_elem(&stats, &pid);

	bpf_get_current_comm(stat, sizeof(*stat));
	return 0;
}

LICENSE;
