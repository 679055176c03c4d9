// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Files as they are opened. The path is known when the system call begins, its result when it ends: the first program
// leaves the address of the path in a map for the second, by thread.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "event.bpf.h"

struct open_event {
	u32 pid;
	s32 result; /* a file descriptor, or a negative errno */
	char comm[16];
	char path[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

__event(events, struct open_event);

/* LRU, because a thread that is killed inside the system call never ends it. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, u32);
	__type(value, const char *);
} begun SEC(".maps");

const volatile u32 only_pid = 0;
const volatile bool only_failed = false;

u64 dropped;

static __always_inline int begin(const char *path)
{
	u64 id = bpf_get_current_pid_tgid();
	u32 thread = id;

	if (!only_pid || id >> 32 == only_pid)
		bpf_map_update_elem(&begun, &thread, &path, BPF_ANY);
	return 0;
}

static __always_inline int end(long result)
{
	u64 id = bpf_get_current_pid_tgid();
	u32 thread = id;
	const char **path = bpf_map_lookup_elem(&begun, &thread);
	struct open_event *event;

	if (!path)
		return 0;
	if (only_failed && result >= 0)
		goto out;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		goto out;
	}
	event->pid = id >> 32;
	event->result = result;
	bpf_get_current_comm(event->comm, sizeof(event->comm));

	/* Now, not at the beginning: the kernel has read the path, so its page is in memory. */
	if (bpf_probe_read_user_str(event->path, sizeof(event->path), *path) < 0)
		event->path[0] = 0;
	bpf_ringbuf_submit(event, 0);
out:
	bpf_map_delete_elem(&begun, &thread);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int openat_begins(struct trace_event_raw_sys_enter *ctx)
{
	return begin((const char *)ctx->args[1]);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int openat_ends(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_openat2")
int openat2_begins(struct trace_event_raw_sys_enter *ctx)
{
	return begin((const char *)ctx->args[1]);
}

SEC("tracepoint/syscalls/sys_exit_openat2")
int openat2_ends(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx->ret);
}

/* Younger architectures, such as arm64, never had open(2): these two are loaded where it is. */
SEC("?tracepoint/syscalls/sys_enter_open")
int open_begins(struct trace_event_raw_sys_enter *ctx)
{
	return begin((const char *)ctx->args[0]);
}

SEC("?tracepoint/syscalls/sys_exit_open")
int open_ends(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
