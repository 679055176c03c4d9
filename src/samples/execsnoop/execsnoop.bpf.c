// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Processes as they start, with their arguments.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "event.bpf.h"

struct exec_event {
	u32 pid;
	u32 parent_pid;
	u32 uid;
	u32 arguments_length;
	char comm[16];
	char arguments[256]; /* each ends with a zero, the first is the name of the program */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

__event(events, struct exec_event);

const volatile u32 only_uid = -1;

u64 dropped;

SEC("tracepoint/sched/sched_process_exec")
int process_started(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 uid = bpf_get_current_uid_gid();
	struct exec_event *event;
	unsigned long start, length;

	if (only_uid != (u32)-1 && uid != only_uid)
		return 0;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}

	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	event->uid = uid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));

	/* The new program has not run yet: its arguments are where the kernel put them. */
	start = BPF_CORE_READ(task, mm, arg_start);
	length = BPF_CORE_READ(task, mm, arg_end) - start;
	if (length > sizeof(event->arguments))
		length = sizeof(event->arguments);
	if (bpf_probe_read_user(event->arguments, length, (void *)start))
		length = 0;
	event->arguments_length = length;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
