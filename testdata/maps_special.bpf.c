// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Values that the kernel looks into by their BTF: a spin lock, a timer, a tagged pointer to a kernel object.
#include "bpf_core.h"

static long (*const bpf_spin_lock)(void *lock) = (void *)93;
static long (*const bpf_spin_unlock)(void *lock) = (void *)94;
static long (*const bpf_timer_init)(void *timer, void *map, u64 flags) = (void *)169;
static long (*const bpf_timer_set_callback)(void *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(void *timer, u64 nanoseconds, u64 flags) = (void *)171;

struct bpf_spin_lock {
	u32 val;
};

struct bpf_timer {
	u64 opaque[2];
} __aligned(8);

struct task_struct;

struct locked {
	struct bpf_spin_lock lock;
	u32 count;
	u64 total;
};

struct timed {
	struct bpf_timer timer;
	u64 fired;
};

struct kept {
	struct task_struct __type_tag("kptr") * task;
	u32 id;
};

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct locked);
} locks SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct timed);
} timers SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct kept);
} pointers SEC(".maps");

static int on_timer(void *map, u32 *key, struct timed *value)
{
	__sync_fetch_and_add(&value->fired, 1);
	return 0;
}

SEC("tc")
int lock(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct locked *value = bpf_map_lookup_elem(&locks, &zero);

	if (!value)
		return 0;
	bpf_spin_lock(&value->lock);
	value->count++;
	value->total += 10;
	bpf_spin_unlock(&value->lock);
	return 0;
}

SEC("tc")
int start(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct timed *value = bpf_map_lookup_elem(&timers, &zero);

	if (!value)
		return 1;
	bpf_timer_init(&value->timer, &timers, 1);
	bpf_timer_set_callback(&value->timer, on_timer);
	return bpf_timer_start(&value->timer, 1000, 0);
}

SEC("tc")
int look(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct kept *value = bpf_map_lookup_elem(&pointers, &zero);

	return value ? value->id : 0;
}

LICENSE;
