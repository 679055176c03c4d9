// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Raw tracepoints: arguments as the kernel passes them, without BTF (raw_tp) and with it (tp_btf).
#include "bpf_core.h"

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} __core;

u64 execs, enters, switches, writable;
int last_pid;

SEC("raw_tp/sched_process_exec")
int raw_exec(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];

	last_pid = CORE_READ(task, pid);
	__sync_fetch_and_add(&execs, 1);
	return 0;
}

SEC("raw_tracepoint/sys_enter")
int raw_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__sync_fetch_and_add(&enters, 1);
	return 0;
}

SEC("?raw_tp.w/nbd_send_request")
int raw_writable(void *ctx)
{
	__sync_fetch_and_add(&writable, 1);
	return 0;
}

SEC("tp_btf/sched_switch")
int btf_switch(u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1];
	struct task_struct *next = (void *)ctx[2];

	if (prev->pid != next->pid)
		__sync_fetch_and_add(&switches, 1);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int btf_exec(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	last_pid = task->tgid;
	return 0;
}

LICENSE;
