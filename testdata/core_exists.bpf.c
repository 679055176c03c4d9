// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Members, types and enumerators that may not be there, each asked before it is used: what is unreachable is poisoned.
#include "sample.h"

struct sample_absent {
	u64 member;
} __core;

SAMPLE_MEMORY;
u64 results[24];

SEC("syscall")
int exists(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = core_field_exists(s->number);
	results[1] = core_field_exists(s->gone);
	results[2] = core_field_exists(s->anonymous_deep);
	results[3] = core_field_exists(s->inner.second);
	results[4] = core_field_exists(s->array[5]);
	results[5] = core_field_exists(s->either.narrow);
	results[6] = core_type_exists(struct sample);
	results[7] = core_type_exists(struct sample_absent);
	results[8] = core_type_exists(sample_typedef);
	results[9] = core_type_exists(union sample_either);
	results[10] = core_type_exists(enum sample_color);
	results[11] = core_type_exists(sample_callback);
	results[12] = core_enum_exists(enum sample_color, SAMPLE_GREEN);
	results[13] = core_enum_exists(enum sample_color, SAMPLE_GONE);
	return 0;
}

SEC("syscall")
int guarded(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);
	struct sample_absent *absent = SAMPLE(struct sample_absent);

	if (core_field_exists(s->gone))
		results[0] = s->gone;
	else
		results[0] = -1;
	if (core_type_exists(struct sample_absent))
		results[1] = absent->member + core_byte_size(absent->member);
	if (core_enum_exists(enum sample_color, SAMPLE_GONE))
		results[2] = core_enum_value(enum sample_color, SAMPLE_GONE);
	return 0;
}

LICENSE;
