// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Where the CPUs spend their time: stacks, sampled by the clock and counted in the kernel.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAX_DEPTH 127 /* kernel.perf_event_max_stack */

struct stack_key {
	u32 pid;
	s32 kernel_stack; /* an id, or negative: there is none */
	s32 user_stack;
	char comm[16];
};

/* The kernel gives equal stacks equal ids. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16384);
	__uint(key_size, sizeof(u32));
	__uint(value_size, MAX_DEPTH * sizeof(u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct stack_key);
	__type(value, u64);
} counts SEC(".maps");

const volatile u32 only_pid = 0;

u64 dropped;

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	struct stack_key key = { .pid = bpf_get_current_pid_tgid() >> 32 };
	u64 one = 1, *count;

	/* Process 0 is an idle CPU. */
	if (!key.pid || (only_pid && key.pid != only_pid))
		return 0;
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	key.kernel_stack = bpf_get_stackid(ctx, &stacks, 0);
	key.user_stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);

	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else if (bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST))
		__sync_fetch_and_add(&dropped, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
