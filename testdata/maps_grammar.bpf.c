// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Every way to write a member of a map definition.
#include "bpf_helpers.h"

typedef struct {
	u32 id;
} key_type;

// Sizes only.
struct {
	__uint(type, HASH);
	__uint(key_size, 8);
	__uint(value_size, 24);
	__uint(max_entries, 10);
} sizes SEC(".maps");

// Types and sizes that agree.
struct {
	__uint(type, HASH);
	__type(key, key_type);
	__uint(key_size, sizeof(key_type));
	__uint(value_size, 8);
	__type(value, const volatile u64);
	__uint(max_entries, 20);
} both SEC(".maps");

// Flags.
struct {
	__uint(type, HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE);
	__uint(numa_node, 0);
	__type(key, int);
	__type(value, int[3]);
	__uint(max_entries, 30);
} flags SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, u32);
	__type(value, u64);
	__uint(max_entries, 512);
} mmapable SEC(".maps");

// A named definition, a typedef of one, and two maps of one type.
struct shared_definition {
	__uint(type, ARRAY);
	__type(key, u32);
	__type(value, u32);
	__uint(max_entries, 3);
};

typedef struct shared_definition shared_typedef;

struct shared_definition named SEC(".maps");
shared_typedef by_typedef SEC(".maps"), once_more SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, char[40]);
} a_rather_long_map_name SEC(".maps");

SEC("socket")
int use(struct __sk_buff *skb)
{
	u64 key = 0;
	u64 found = 0;

	found += (u64)bpf_map_lookup_elem(&sizes, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&both, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&flags, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&mmapable, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&named, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&by_typedef, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&once_more, &key) != 0;
	found += (u64)bpf_map_lookup_elem(&a_rather_long_map_name, &key) != 0;
	return found;
}

LICENSE;
