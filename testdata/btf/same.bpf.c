// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A target that has the types as the programs know them.
#include "../include/sample.h"

enum sample_wide {
	SAMPLE_WIDE_SMALL = 1,
	SAMPLE_WIDE_LARGE = 0x1122334455667788ULL,
};

enum sample_wide_signed {
	SAMPLE_WIDE_NEGATIVE = -0x1122334455LL,
};

struct sample_forward {
	int anything;
};

struct sample_holder {
	struct sample_forward *forward;
	int count;
};

struct sample_twice {
	u32 same;
	u32 different;
};

struct sample sample;
struct sample_bits bits;
struct sample_flexible *flexible;
enum sample_wide wide;
enum sample_wide_signed wide_signed;
struct sample_holder holder;
struct sample_twice twice;
