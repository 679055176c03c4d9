// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Relocations in sub-programs, and many to one type, so that candidates are remembered.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[8];

static __noinline u64 second(struct sample_inner *inner)
{
	u64 value = 0;

	core_read(&value, &inner->second);
	return value;
}

__noinline u64 wide(int index)
{
	struct sample *s = SAMPLE(struct sample);

	return s->wide + index;
}

SEC("syscall")
int first_program(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = second(&s->inner);
	results[1] = wide(1);
	return 0;
}

SEC("syscall")
int second_program(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[2] = wide(2);
	results[3] = second(&s->inners[1]);
	return 0;
}

LICENSE;
