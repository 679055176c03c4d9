// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Loads and stores whose width the target decides, and widths that cannot be mended.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[8];

SEC("syscall")
int unsigned_load(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = s->resized;
	return 0;
}

SEC("syscall")
int unsigned_store(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	s->resized = results[1];
	return 0;
}

SEC("syscall")
int pointer_load(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = (u64)s->name;
	return 0;
}

SEC("syscall")
int signed_load(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = (u32)s->signed_number;
	return 0;
}

SEC("syscall")
int element_load(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = s->array[3];
	return 0;
}

SEC("syscall")
int enum_load(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = (u32)s->color;
	return 0;
}

LICENSE;
