// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Storage that lives with a cgroup, the old kinds, tied to one program.
#include "bpf_helpers.h"

static void *(*const bpf_get_local_storage)(void *map, u64 flags) = (void *)81;

struct bpf_cgroup_storage_key {
	u64 cgroup_inode_id;
	u32 attach_type;
};

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

SEC("cgroup_skb/egress")
int account(struct __sk_buff *skb)
{
	u64 *bytes = bpf_get_local_storage(&shared, 0);
	u64 *local = bpf_get_local_storage(&percpu, 0);

	__sync_fetch_and_add(bytes, skb->len);
	*local += skb->len;
	return 1;
}

LICENSE;
