// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Who a process is, told as it begins to run a program: those that end at once are known too.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define CGROUP_DEPTH 8
#define CGROUP_NAME 128

/* What is needed of the kernel's own. */
struct kernfs_node___watch {
	const char *name;
	struct kernfs_node___watch *parent;
	struct kernfs_node___watch *__parent; /* its name since 6.15 */
} __attribute__((preserve_access_index));

struct cgroup___watch {
	struct kernfs_node___watch *kn;
} __attribute__((preserve_access_index));

struct css_set___watch {
	struct cgroup___watch *dfl_cgrp;
} __attribute__((preserve_access_index));

struct mm_struct___watch {
	unsigned long arg_start, arg_end;
} __attribute__((preserve_access_index));

struct task_struct___watch {
	int tgid;
	struct task_struct___watch *real_parent, *group_leader;
	u64 start_boottime; /* since 5.5 */
	struct css_set___watch *cgroups;
	struct mm_struct___watch *mm;
} __attribute__((preserve_access_index));

/* Of the tracepoint, behind what all have in common. */
struct exec_context {
	u64 common;
	u32 filename; /* its offset from here, and its length in the upper half */
};

struct exec_event {
	u64 start_time;
	u32 pid;
	u32 parent_pid;
	u32 uid;
	u32 gid;
	u32 arguments_length;
	u32 cgroup_depth;
	char comm[16];
	char executable[256];
	char arguments[512]; /* each ends with a zero */
	char cgroup[CGROUP_DEPTH][CGROUP_NAME]; /* innermost first */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 21);
} events SEC(".maps");

u64 dropped;

SEC("tracepoint/sched/sched_process_exec")
int process_started(struct exec_context *context)
{
	struct task_struct___watch *task = (void *)bpf_get_current_task();
	u64 ids = bpf_get_current_uid_gid();
	struct kernfs_node___watch *node;
	struct exec_event *event;
	unsigned long start, length;
	u32 depth = 0;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}

	event->start_time = BPF_CORE_READ(task, group_leader, start_boottime);
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	event->uid = ids;
	event->gid = ids >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (bpf_probe_read_kernel_str(event->executable, sizeof(event->executable), (char *)context + (context->filename & 0xffff)) < 0)
		event->executable[0] = 0;

	/* The new program has not run yet: its arguments are where the kernel put them. */
	start = BPF_CORE_READ(task, mm, arg_start);
	length = BPF_CORE_READ(task, mm, arg_end) - start;
	if (length > sizeof(event->arguments))
		length = sizeof(event->arguments);
	if (bpf_probe_read_user(event->arguments, length, (void *)start))
		length = 0;
	event->arguments_length = length;

	node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
#pragma unroll
	for (int i = 0; i < CGROUP_DEPTH; i++) {
		if (!node || bpf_probe_read_kernel_str(event->cgroup[i], CGROUP_NAME, BPF_CORE_READ(node, name)) < 0)
			break;
		depth = i + 1;
		node = bpf_core_field_exists(node->parent) ? BPF_CORE_READ(node, parent) : BPF_CORE_READ(node, __parent);
	}
	event->cgroup_depth = depth;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
