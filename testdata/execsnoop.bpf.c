// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Processes as they start.
#include "bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *real_parent;
} __core;

struct trace_event_raw_sched_process_exec {
	u32 __data_loc_filename;
} __core;

struct exec_event {
	u32 pid;
	u32 ppid;
	u32 uid;
	char comm[16];
	char filename[128];
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

__event(events, struct exec_event);

const volatile u32 target_pid = 0;
const volatile u32 target_ppid = 0;
const volatile u32 target_uid = -1;

u64 dropped = 0;

SEC("tracepoint/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct task_struct *task = bpf_get_current_task();
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	u32 ppid = CORE_READ2(task, real_parent, tgid);
	u32 uid = bpf_get_current_uid_gid();
	struct exec_event *event;

	if ((target_pid && pid != target_pid) || (target_ppid && ppid != target_ppid) ||
	    (target_uid != (u32)-1 && uid != target_uid))
		return 0;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}

	event->pid = pid;
	event->ppid = ppid;
	event->uid = uid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename),
				  (void *)ctx + (ctx->__data_loc_filename & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

LICENSE;
