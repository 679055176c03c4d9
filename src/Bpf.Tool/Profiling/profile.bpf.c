// SPDX-License-Identifier: MIT OR GPL-2.0-only
// `bpf profile`: stacks, sampled by the clock and counted in the kernel.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define MAX_DEPTH 127 /* kernel.perf_event_max_stack */

/* What is needed of the kernel's own. */
struct task_struct___times {
	struct task_struct___times *group_leader;
	u64 start_boottime; /* since 5.5 */
} __attribute__((preserve_access_index));

struct stack_key {
	u64 start_time; /* of the process, by which another one of its number is told from it */
	u32 pid;
	s32 kernel_stack; /* an id, or negative: why there is none */
	s32 user_stack;
	char comm[16];
	u32 unused;
};

/* The kernel gives equal stacks equal ids. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 32768);
	__uint(key_size, sizeof(u32));
	__uint(value_size, MAX_DEPTH * sizeof(u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct stack_key);
	__type(value, u64);
} counts SEC(".maps");

const volatile u32 only_pid = 0;

u64 dropped;

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	struct task_struct___times *task = (void *)bpf_get_current_task();
	struct stack_key key = { .pid = bpf_get_current_pid_tgid() >> 32 };
	u64 one = 1, *count;

	/* Process 0 is an idle CPU. */
	if (!key.pid || (only_pid && key.pid != only_pid))
		return 0;
	key.start_time = BPF_CORE_READ(task, group_leader, start_boottime);
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
