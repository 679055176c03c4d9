// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// Memory shared by address between program and user space: Linux 6.9.
#include "bpf_helpers.h"

struct {
	__uint(type, ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 16);
	__ulong(map_extra, 0x1ull << 44);
} arena SEC(".maps");

void __arena *bpf_arena_alloc_pages(void *map, void __arena *address, u32 pages, int node, u64 flags) __ksym __weak;

u64 __arena counter = 5;
u32 __arena numbers[4] = { 1, 2, 3, 4 };

SEC("syscall")
int touch(void *ctx)
{
	u64 __arena *page;

	counter += numbers[2];
	page = bpf_arena_alloc_pages(&arena, NULL, 1, -1, 0);
	if (!page)
		return 1;
	*page = counter;
	return 0;
}

LICENSE;
