// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A ring that user space writes (Linux 6.1), drained through a callback.
#include "bpf_helpers.h"

struct {
	__uint(type, USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

static long (*const bpf_dynptr_read)(void *to, u32 length, const void *dynptr, u32 offset, u64 flags) = (void *)201;

u64 drained, sum;

static long on_request(void *dynptr, void *context)
{
	u64 *count = context, number;

	*count += 1;
	if (!bpf_dynptr_read(&number, sizeof(number), dynptr, 0, 0))
		sum += number;
	return 0;
}

SEC("syscall")
int drain(void *ctx)
{
	u64 count = 0;

	bpf_user_ringbuf_drain(&requests, on_request, &count, 0);
	drained += count;
	return 0;
}

LICENSE;
