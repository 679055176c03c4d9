// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A ring that user space writes (Linux 6.1), drained through a callback.
#include "bpf_helpers.h"

struct {
	__uint(type, USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

u64 drained;

static long on_request(void *dynptr, void *context)
{
	u64 *count = context;

	*count += 1;
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
