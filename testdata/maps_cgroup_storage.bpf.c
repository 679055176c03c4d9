// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Storage that lives with a cgroup: the old kind, tied to one program, and the new one (Linux 6.2).
#include "bpf_core.h"

static void *(*const bpf_get_local_storage)(void *map, u64 flags) = (void *)81;
static void *(*const bpf_cgrp_storage_get)(void *map, void *cgroup, void *value, u64 flags) = (void *)210;

struct bpf_cgroup_storage_key {
	u64 cgroup_inode_id;
	u32 attach_type;
};

struct cgroup;

struct css_set {
	struct cgroup *dfl_cgrp;
} __core;

struct task_struct {
	struct css_set *cgroups;
} __core;

struct {
	__uint(type, CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, u64);
} shared SEC(".maps");

struct {
	__uint(type, PERCPU_CGROUP_STORAGE);
	__type(key, u64);
	__type(value, u64);
} percpu SEC(".maps");

struct {
	__uint(type, CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} modern SEC(".maps");

SEC("cgroup_skb/egress")
int old_kind(struct __sk_buff *skb)
{
	u64 *bytes = bpf_get_local_storage(&shared, 0);
	u64 *local = bpf_get_local_storage(&percpu, 0);

	__sync_fetch_and_add(bytes, skb->len);
	*local += skb->len;
	return 1;
}

SEC("tp_btf/sys_enter")
int new_kind(u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *count = bpf_cgrp_storage_get(&modern, task->cgroups->dfl_cgrp, 0, 1);

	if (count)
		*count += 1;
	return 0;
}

LICENSE;
