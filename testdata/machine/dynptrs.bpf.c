// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Dynamic pointers that are cut and copied (Linux 6.5): what each program returns is the same in the kernel.
#include "bpf_core.h"

struct bpf_dynptr {
	u64 opaque[2];
} __aligned(8);

static long (*const bpf_dynptr_from_mem)(void *data, u64 size, u64 flags, struct bpf_dynptr *made) = (void *)197;
static long (*const bpf_dynptr_read)(void *to, u64 size, const struct bpf_dynptr *from, u64 offset, u64 flags) = (void *)201;
static long (*const bpf_dynptr_write)(const struct bpf_dynptr *to, u64 offset, void *from, u64 size, u64 flags) = (void *)202;

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, u64 flags, struct bpf_dynptr *made) __ksym;
extern int bpf_dynptr_adjust(const struct bpf_dynptr *pointer, u32 start, u32 end) __ksym;
extern u32 bpf_dynptr_size(const struct bpf_dynptr *pointer) __ksym;
extern bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *pointer) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *pointer, struct bpf_dynptr *made) __ksym;

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, char[16]);
} values SEC(".maps");

s64 results[16];

static __always_inline int cut(struct bpf_dynptr *pointer)
{
	struct bpf_dynptr copy;
	char byte = 0, word[4] = "abc";

	results[0] = bpf_dynptr_size(pointer);
	bpf_dynptr_clone(pointer, &copy);
	results[1] = bpf_dynptr_adjust(pointer, 2, 8);
	results[2] = bpf_dynptr_size(pointer);
	results[3] = bpf_dynptr_adjust(pointer, 3, 2);
	results[4] = bpf_dynptr_adjust(pointer, 1, 7);
	results[5] = bpf_dynptr_adjust(pointer, 1, 6);
	results[6] = bpf_dynptr_write(pointer, 0, word, 3, 0);
	results[7] = bpf_dynptr_write(pointer, 3, word, 3, 0);
	results[8] = bpf_dynptr_read(&byte, 1, &copy, 4, 0);
	results[9] = byte;
	results[10] = bpf_dynptr_size(&copy);
	results[11] = bpf_dynptr_is_rdonly(pointer);
	return 0;
}

SEC("tc")
int of_value(struct __sk_buff *skb)
{
	struct bpf_dynptr pointer;
	u32 key = 0;
	char *value = bpf_map_lookup_elem(&values, &key);

	if (!value)
		return 1;
	bpf_dynptr_from_mem(value, 16, 0, &pointer);
	return cut(&pointer);
}

SEC("tc")
int of_packet(struct __sk_buff *skb)
{
	struct bpf_dynptr pointer;

	bpf_dynptr_from_skb(skb, 0, &pointer);
	return cut(&pointer);
}

/* Programs of cgroups read packets. */
SEC("cgroup_skb/ingress")
int only_read(struct __sk_buff *skb)
{
	struct bpf_dynptr pointer;

	bpf_dynptr_from_skb(skb, 0, &pointer);
	cut(&pointer);
	return 1;
}

LICENSE;
