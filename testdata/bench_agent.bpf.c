// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// A small agent: each system call of a number that the process 'target' makes is an event, with the pid of its parent (CO-RE).
#include "bpf_core.h"

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
} __core;

struct call_event {
	u32 pid;
	u32 ppid;
	char comm[16];
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

const volatile u64 number = 0;
const volatile u32 target = 0;

SEC("raw_tracepoint/sys_enter")
int on_call(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = bpf_get_current_task();
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct call_event *event;

	if (pid != target || ctx->args[1] != number)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = pid;
	event->ppid = CORE_READ2(task, real_parent, tgid);
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

LICENSE;
