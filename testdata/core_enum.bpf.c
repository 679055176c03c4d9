// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Values of enumerators, negative ones and flavored ones too.
#include "sample.h"

enum sample_color___other {
	SAMPLE_GREEN___other = 20,
	SAMPLE_NEW___other = 30,
};

u64 results[8];

SEC("syscall")
int values(void *ctx)
{
	results[0] = core_enum_value(enum sample_color, SAMPLE_RED);
	results[1] = core_enum_value(enum sample_color, SAMPLE_GREEN);
	results[2] = core_enum_value(enum sample_color, SAMPLE_BACK);
	results[3] = core_enum_value(enum sample_color___other, SAMPLE_GREEN___other);
	results[4] = core_enum_exists(enum sample_color___other, SAMPLE_NEW___other);
	return 0;
}

LICENSE;
