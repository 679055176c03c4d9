// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Byte sizes and signs of members, whole and part.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[24];

SEC("syscall")
int sizes(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = core_byte_size(s->byte);
	results[1] = core_byte_size(s->wide);
	results[2] = core_byte_size(s->inner);
	results[3] = core_byte_size(s->array);
	results[4] = core_byte_size(s->array[1]);
	results[5] = core_byte_size(s->inners[1]);
	results[6] = core_byte_size(s->next);
	results[7] = core_byte_size(s->either);
	results[8] = core_byte_size(s->color);
	results[9] = core_byte_size(s->text);
	results[10] = core_byte_size(s->resized);
	results[11] = core_byte_size(s->typed);
	return 0;
}

SEC("syscall")
int signs(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = core_signed(s->number);
	results[1] = core_signed(s->signed_number);
	results[2] = core_signed(s->color);
	return 0;
}

/* Of an element of an array only offset, size and existence may be asked: it is refused by the loader. */
SEC("syscall")
int sign_of_element(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = core_signed(s->text[0]);
	return 0;
}

LICENSE;
