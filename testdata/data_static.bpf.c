// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Only static variables: the data is in maps, but nobody outside may name it.
#include "bpf_helpers.h"

static u64 counter;
static volatile u32 step = 2;
static const volatile u32 limit = 100;

SEC("syscall")
int count(void *ctx)
{
	if (counter < limit)
		counter += step;
	return counter;
}

LICENSE;
