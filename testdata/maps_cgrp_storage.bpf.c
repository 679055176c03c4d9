// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Storage that lives with a cgroup, the kind that any program may use: Linux 6.2.
#include "bpf_core.h"

static void *(*const bpf_cgrp_storage_get)(void *map, void *cgroup, void *value, u64 flags) = (void *)210;

struct cgroup;

struct css_set {
	struct cgroup *dfl_cgrp;
} __core;

struct task_struct {
	struct css_set *cgroups;
} __core;

struct {
	__uint(type, CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} modern SEC(".maps");

SEC("tp_btf/sys_enter")
int count(u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *value = bpf_cgrp_storage_get(&modern, task->cgroups->dfl_cgrp, 0, 1);

	if (value)
		*value += 1;
	return 0;
}

LICENSE;
