// SPDX-License-Identifier: MIT OR GPL-2.0-only
// How long block devices take to answer, from the request's way into the device to its completion.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "log2_histogram.bpf.h"

/*
 * How both tracepoints begin, as /sys/kernel/tracing/events/block/block_rq_issue/format says. The layout is as old as they are;
 * the name of the second's type is not, so there is nothing for CO-RE to go by.
 */
struct block_event {
	u64 common;
	u32 device;
	u64 sector;
};

/* A request on its way; both tracepoints tell device and sector, and no two requests of a device begin at one sector. */
struct request_key {
	u32 device;
	u32 zero; /* what would be padding is part of the key, too */
	u64 sector;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct request_key);
	__type(value, u64);
} issued_at SEC(".maps");

struct histogram {
	u64 counts[HISTOGRAM_SLOTS];
};

/* The numbers of a device as the kernel packs them: major << 20 | minor. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, struct histogram);
} microseconds_by_device SEC(".maps");

static const struct histogram empty;

SEC("tracepoint/block/block_rq_issue")
int request_issued(struct block_event *ctx)
{
	struct request_key key = { .device = ctx->device, .sector = ctx->sector };
	u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&issued_at, &key, &now, BPF_ANY);
	return 0;
}

SEC("tracepoint/block/block_rq_complete")
int request_completed(struct block_event *ctx)
{
	struct request_key key = { .device = ctx->device, .sector = ctx->sector };
	u64 *issued = bpf_map_lookup_elem(&issued_at, &key);
	struct histogram *histogram;

	if (!issued)
		return 0;
	histogram = bpf_map_lookup_elem(&microseconds_by_device, &key.device);
	if (!histogram) {
		/* Another CPU may be faster: then its histogram stays, and is found. */
		bpf_map_update_elem(&microseconds_by_device, &key.device, &empty, BPF_NOEXIST);
		histogram = bpf_map_lookup_elem(&microseconds_by_device, &key.device);
	}
	if (histogram) {
		u32 slot = log2_slot((bpf_ktime_get_ns() - *issued) / 1000);

		/* The verifier does not follow the arithmetic; that a slot is below 32 it sees by this. */
		__sync_fetch_and_add(&histogram->counts[slot & (HISTOGRAM_SLOTS - 1)], 1);
	}
	bpf_map_delete_elem(&issued_at, &key);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
