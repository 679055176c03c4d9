// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Storage that lives with a task and with a socket.
#include "bpf_core.h"

static void *(*const bpf_sk_storage_get)(void *map, void *sk, void *value, u64 flags) = (void *)107;

struct {
	__uint(type, TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} tasks SEC(".maps");

struct {
	__uint(type, SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u32);
} sockets SEC(".maps");

SEC("tp_btf/sys_enter")
int on_enter(u64 *ctx)
{
	u64 *count = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), 0, 1);

	if (count)
		*count += 1;
	return 0;
}

SEC("cgroup/sock_create")
int on_socket(struct bpf_sock *ctx)
{
	u32 *mark = bpf_sk_storage_get(&sockets, ctx, 0, 1);

	if (mark)
		*mark = 1;
	return 1;
}

LICENSE;
