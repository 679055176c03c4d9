// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A member that the kernel's type does not have, read on every path.
#include "bpf_core.h"

struct task_struct {
	int bpf_loader_missing_member;
} __core;

int result;

SEC("raw_tp/sched_process_exec")
int missing_member(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];

	result = CORE_READ(task, bpf_loader_missing_member);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int missing_direct(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	result = task->bpf_loader_missing_member;
	return 0;
}

LICENSE;
