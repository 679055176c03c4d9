// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Helpers that a loader may have to replace on old kernels, and system calls' user strings.
#include "bpf_core.h"

struct task_struct {
	char comm[16];
} __core;

char name[16], text[16];

SEC("tracepoint/raw_syscalls/sys_enter")
int read_all(u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task();

	bpf_probe_read_kernel(name, sizeof(name), __builtin_preserve_access_index(&task->comm));
	bpf_probe_read_kernel_str(name, sizeof(name), __builtin_preserve_access_index(&task->comm));
	bpf_probe_read_user(text, sizeof(text), (void *)ctx[2]);
	bpf_probe_read_user_str(text, sizeof(text), (void *)ctx[2]);
	return 0;
}

LICENSE;
