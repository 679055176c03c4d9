// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Both spellings of the tracepoint section, two programs in one section, and one that is optional.
#include "bpf_core.h"

struct trace_event_raw_sys_enter {
	long id;
	unsigned long args[6];
} __core;

struct trace_event_raw_sched_switch {
	int prev_pid;
	int next_pid;
} __core;

u64 enters, getpids, switches;

SEC("tracepoint/raw_syscalls/sys_enter")
int handle_enter(struct trace_event_raw_sys_enter *ctx)
{
	__sync_fetch_and_add(&enters, 1);
	return 0;
}

SEC("tracepoint/raw_syscalls/sys_enter")
int handle_getpid(struct trace_event_raw_sys_enter *ctx)
{
	if (ctx->id == 39)
		__sync_fetch_and_add(&getpids, 1);
	return 0;
}

SEC("tp/sched/sched_switch")
int handle_switch(struct trace_event_raw_sched_switch *ctx)
{
	if (ctx->prev_pid != ctx->next_pid)
		__sync_fetch_and_add(&switches, 1);
	return 0;
}

SEC("?tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
	return 0;
}

LICENSE;
