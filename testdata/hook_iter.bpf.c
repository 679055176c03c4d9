// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Iterators: over tasks, sleepable, and over the elements of a map.
#include "bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} __core;

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
} __core;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __core;

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *map;
	void *key;
	void *value;
} __core;

struct task_line {
	int pid;
	int tgid;
};

SEC("iter/task")
int dump_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_line line;

	if (!task)
		return 0;
	line.pid = task->pid;
	line.tgid = task->tgid;
	bpf_seq_write(ctx->meta->seq, &line, sizeof(line));
	return 0;
}

SEC("iter.s/task")
int dump_task_sleepable(struct bpf_iter__task *ctx)
{
	return 0;
}

SEC("iter/bpf_map_elem")
int dump_element(struct bpf_iter__bpf_map_elem *ctx)
{
	u32 *key = ctx->key;
	u64 *value = ctx->value;

	if (!key || !value)
		return 0;
	bpf_seq_write(ctx->meta->seq, key, sizeof(*key));
	bpf_seq_write(ctx->meta->seq, value, sizeof(*value));
	return 0;
}

LICENSE;
