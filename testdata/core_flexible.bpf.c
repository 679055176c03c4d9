// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Arrays without a length at the end of a struct, and indices beyond a length that may have grown.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[8];

SEC("syscall")
int flexible(void *ctx)
{
	struct sample_flexible *s = SAMPLE(struct sample_flexible);

	results[0] = s->count;
	results[1] = s->items[0].second;
	results[2] = core_field_exists(s->items[3].first);
	return 0;
}

SEC("syscall")
int beyond(void *ctx)
{
	struct sample_flexible *s = SAMPLE(struct sample_flexible);

	results[0] = s->items[5].second;
	results[1] = core_byte_offset(s->items[7].list[2]);
	return 0;
}

LICENSE;
