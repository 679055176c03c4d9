// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Ring buffers whose sizes must be rounded, two event types, and a perf buffer without a size.
#include "bpf_helpers.h"

struct small_event {
	u32 sequence;
	u32 cpu;
};

struct large_event {
	u64 sequence;
	char text[48];
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 1);
} small SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 5000);
} medium SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 3 * 4096);
} large SEC(".maps");

struct {
	__uint(type, PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} perf SEC(".maps");

__event(small, struct small_event);
__event(medium, struct small_event);
__event(large, struct large_event);
__event(perf, struct small_event);

u64 sequence, lost;

SEC("syscall")
int emit(void *ctx)
{
	struct large_event *event;
	struct small_event copy = { .sequence = ++sequence, .cpu = bpf_get_smp_processor_id() };

	if (bpf_ringbuf_output(&small, &copy, sizeof(copy), 0))
		lost++;
	if (bpf_ringbuf_output(&medium, &copy, sizeof(copy), 1))
		lost++;
	event = bpf_ringbuf_reserve(&large, sizeof(*event), 0);
	if (!event)
		return 1;
	event->sequence = sequence;
	__builtin_memcpy(event->text, "large", 6);
	if (sequence & 1)
		bpf_ringbuf_submit(event, 0);
	else
		bpf_ringbuf_discard(event, 0);
	return 0;
}

SEC("tracepoint/raw_syscalls/sys_enter")
int emit_perf(void *ctx)
{
	struct small_event event = { .sequence = ++sequence, .cpu = bpf_get_smp_processor_id() };

	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

LICENSE;
