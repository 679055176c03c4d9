// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// Enumerators of 64 bits (clang 15, Linux 6.0), some of which the target has with 32, and the reverse.
#include "sample.h"

enum sample_wide {
	SAMPLE_WIDE_SMALL = 1,
	SAMPLE_WIDE_LARGE = 0x1122334455667788ULL,
};

enum sample_wide_signed {
	SAMPLE_WIDE_NEGATIVE = -0x1122334455LL,
};

u64 results[8];

SEC("syscall")
int values(void *ctx)
{
	results[0] = core_enum_value(enum sample_wide, SAMPLE_WIDE_SMALL);
	results[1] = core_enum_value(enum sample_wide, SAMPLE_WIDE_LARGE);
	results[2] = core_enum_value(enum sample_wide_signed, SAMPLE_WIDE_NEGATIVE);
	results[3] = core_enum_exists(enum sample_wide, SAMPLE_WIDE_LARGE);
	results[4] = core_enum_value(enum sample_color, SAMPLE_RED);
	results[5] = core_type_exists(enum sample_wide);
	return 0;
}

LICENSE;
