// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Objects of which there is one for each CPU (Linux 6.6): what each program returns is the same in the kernel.
#include "bpf_core.h"
#include "objects.h"

struct counts {
	u64 packets;
	u64 bytes;
};

struct slot {
	struct counts __type_tag("percpu_kptr") * kept;
};

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct slot);
} slots SEC(".maps");

extern void *bpf_percpu_obj_new_impl(u64 type, void *meta) __ksym;
extern void bpf_percpu_obj_drop_impl(void *object, void *meta) __ksym;

/* Counts on this CPU, in an object that the first packet makes. */
SEC("tc")
int counted(struct __sk_buff *skb)
{
	struct counts *made, *mine;
	struct slot *slot;
	u32 key = 1;

	slot = bpf_map_lookup_elem(&slots, &key);
	if (!slot)
		return -1;
	if (!slot->kept) {
		made = bpf_percpu_obj_new_impl(core_type_id_local(struct counts), NULL);
		if (!made)
			return -2;
		made = bpf_kptr_xchg(&slot->kept, made);
		if (made)
			bpf_percpu_obj_drop_impl(made, NULL);
	}
	made = slot->kept;
	if (!made)
		return -3;
	mine = bpf_this_cpu_ptr(made);
	mine->packets++;
	mine->bytes += 100;
	return 0;
}

/* What all CPUs counted. */
SEC("tc")
int sum(struct __sk_buff *skb)
{
	struct counts *kept, *one;
	struct slot *slot;
	u32 key = 1;
	int result = 0;

	slot = bpf_map_lookup_elem(&slots, &key);
	if (!slot)
		return -1;
	kept = slot->kept;
	if (!kept)
		return -2;
	for (int cpu = 0; cpu < 16; cpu++) {
		one = bpf_per_cpu_ptr(kept, cpu);
		if (one)
			result += one->packets * 1000 + one->bytes;
	}
	return result;
}

/* Made, and dropped at once. */
SEC("tc")
int unused(struct __sk_buff *skb)
{
	struct counts *made = bpf_percpu_obj_new_impl(core_type_id_local(struct counts), NULL);

	if (!made)
		return 1;
	bpf_percpu_obj_drop_impl(made, NULL);
	return 2;
}

LICENSE;
