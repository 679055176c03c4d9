// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Loops that the verifier cannot end, and programs that are too much for it.
#include "refused.h"

u64 total;

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, char[65536]);
} text SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int no_end(void *ctx)
{
	u64 n = bpf_get_prandom_u32(), i;

	for (i = 0; i != n; i++)
		__sync_fetch_and_add(&total, i);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int endless(void *ctx)
{
	for (;;)
		total++;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int too_complex(void *ctx)
{
	u32 zero = 0, hash = 0;
	char *b = bpf_map_lookup_elem(&text, &zero);

	if (!b)
		return 0;
	for (int i = 0; i < 60000; i++) {
		char c = b[i];

		if (c == '/')
			hash = hash * 31 + 7;
		else if (c == '.')
			hash ^= 0x5bd1e995;
		else if (c > 'a')
			hash += c;
		else
			hash = (hash << 3) | (hash >> 29);
		if (hash & 1)
			total += hash;
		else
			total ^= c;
	}
	return 0;
}

LICENSE;
