// SPDX-License-Identifier: MIT OR GPL-2.0-only
// `bpf top`: how full maps are, from what the kernel counts anyhow. Nothing is walked over.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

/* Complete of itself, so that the call below finds the kernel's own. */
struct bpf_map {
	enum bpf_map_type map_type;
	u32 id;
	u32 max_entries;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));

struct bpf_ringbuf {
	unsigned long consumer_pos;
	unsigned long producer_pos;
} __attribute__((preserve_access_index));

struct bpf_ringbuf_map {
	struct bpf_ringbuf *rb;
} __attribute__((preserve_access_index));

struct bpf_queue_stack {
	u32 head;
	u32 tail;
	u32 size;
} __attribute__((preserve_access_index));

struct lpm_trie {
	unsigned long n_entries;
} __attribute__((preserve_access_index));

struct fill {
	u32 id;
	u32 unused;
	u64 count; /* of entries; of a ring, of bytes that nobody has read */
};

/* Since 6.6, for hash tables. */
extern s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;

SEC("iter/bpf_map")
int fill(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;
	struct fill line = {};
	u32 head, tail, size;

	if (!map)
		return 0;
	line.id = map->id;
	switch ((u32)map->map_type) {
	case BPF_MAP_TYPE_HASH:
	case 5: /* BPF_MAP_TYPE_PERCPU_HASH */
	case BPF_MAP_TYPE_LRU_HASH:
	case 10: /* BPF_MAP_TYPE_LRU_PERCPU_HASH */
	case 13: /* BPF_MAP_TYPE_HASH_OF_MAPS */
		if (!bpf_ksym_exists(bpf_map_sum_elem_count))
			return 0;
		line.count = bpf_map_sum_elem_count(map);
		break;
	case BPF_MAP_TYPE_LPM_TRIE:
		line.count = BPF_CORE_READ((struct lpm_trie *)map, n_entries);
		break;
	case 22: /* BPF_MAP_TYPE_QUEUE */
	case 23: /* BPF_MAP_TYPE_STACK */
		head = BPF_CORE_READ((struct bpf_queue_stack *)map, head);
		tail = BPF_CORE_READ((struct bpf_queue_stack *)map, tail);
		size = BPF_CORE_READ((struct bpf_queue_stack *)map, size);
		line.count = head >= tail ? head - tail : head + size - tail;
		break;
	case BPF_MAP_TYPE_RINGBUF:
		line.count = BPF_CORE_READ((struct bpf_ringbuf_map *)map, rb, producer_pos);
		line.count -= BPF_CORE_READ((struct bpf_ringbuf_map *)map, rb, consumer_pos);
		break;
	default:
		return 0;
	}
	bpf_seq_write(ctx->meta->seq, &line, sizeof(line));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
