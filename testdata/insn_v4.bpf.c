// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// mcpu: v4
// The instructions of Linux 6.6: sign-extending loads and moves, signed division, unconditional swap, long jump.
#include "bpf_helpers.h"

s64 numbers[4] = { -1, 1000, -7, 3 };
s8 small = -3;
s16 medium = -300;
s32 large = -70000;

SEC("syscall")
int signed_arithmetic(s64 *ctx)
{
	s64 divisor = numbers[3];
	s32 narrow = numbers[2];

	if (!divisor)
		return 0;
	numbers[0] = small + medium + large;
	numbers[1] = numbers[1] / divisor + narrow % (s32)divisor;
	numbers[2] = (s8)numbers[1] + (s16)numbers[0];
	numbers[2] = __builtin_bswap64(numbers[2]) + __builtin_bswap32(narrow) + __builtin_bswap16(medium);
	numbers[3] = 3;
	return 0;
}

SEC("syscall")
int far(void *ctx)
{
	__asm__ volatile("gotol +0\n");
	return 0;
}

LICENSE;
