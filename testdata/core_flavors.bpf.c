// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Several shapes of one type: what stands after ___ is not part of the name.
#include "sample.h"

struct sample___old {
	u32 old_name;
} __core;

struct sample___new {
	u32 number;
} __core;

struct sample____not_a_flavor {
	u32 number;
} __core;

struct sample_inner___a___b {
	u64 second;
} __core;

SAMPLE_MEMORY;
u64 results[8];

SEC("syscall")
int flavors(void *ctx)
{
	struct sample___old *older = SAMPLE(struct sample___old);
	struct sample___new *newer = SAMPLE(struct sample___new);

	if (core_field_exists(older->old_name))
		results[0] = older->old_name;
	else
		results[0] = newer->number;
	results[1] = core_type_exists(struct sample____not_a_flavor);
	results[2] = core_type_exists(struct sample_inner___a___b);
	return 0;
}

LICENSE;
