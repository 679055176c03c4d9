// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the map has more entries.
#include "../include/bpf_core.h"

struct entry {
	u32 hits;
	u16 flags;
};

extern struct {
	__uint(type, HASH);
	__uint(max_entries, 32);
	__type(key, u32);
	__type(value, struct entry);
} table __attribute__((section(".maps")));

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	u32 key = 0;

	return bpf_map_delete_elem(&table, &key) & 0;
}

LICENSE;
