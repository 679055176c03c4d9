// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Offsets into data that do not fit 16 bits, and addresses with an addend.
#include "bpf_helpers.h"

u8 padding_first[70000];
u64 counters[20000];
u64 initialised[40] = { [39] = 39 };
static u8 tail[5000];

SEC("syscall")
int touch(u64 *ctx)
{
	u64 index = *ctx;

	if (index >= 20000)
		return 1;
	counters[index]++;
	counters[19999] += initialised[39];
	padding_first[69999] = 1;
	tail[4999]++;
	return 0;
}

LICENSE;
