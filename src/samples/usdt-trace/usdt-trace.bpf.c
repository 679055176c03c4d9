// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Arguments of a USDT probe, as numbers and as the text that they may point to.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>
#include "event.bpf.h"

#define MAX_ARGUMENTS 6

struct probe_event {
	u32 pid;
	u32 thread;
	u64 nanoseconds; /* since boot */
	char comm[16];
	u32 count;
	u32 padding;
	s64 arguments[MAX_ARGUMENTS];
	char text[MAX_ARGUMENTS][64];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

__event(events, struct probe_event);

/* One bit an argument: it is the address of text. */
const volatile u32 text_arguments = 0;

u64 dropped;

SEC("usdt")
int probe_fired(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct probe_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	long value;

	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	event->pid = id >> 32;
	event->thread = id;
	event->nanoseconds = bpf_ktime_get_ns();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->count = bpf_usdt_arg_cnt(ctx);
	for (u32 i = 0; i < MAX_ARGUMENTS; i++) {
		bpf_usdt_arg(ctx, i, &value);
		event->arguments[i] = value;
		event->text[i][0] = 0;
		if (text_arguments & (1 << i))
			bpf_probe_read_user_str(event->text[i], sizeof(event->text[i]), (void *)value);
	}
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
