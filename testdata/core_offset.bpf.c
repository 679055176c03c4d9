// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Byte offsets: plain, nested, anonymous, through arrays and unions, by direct loads and by address.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[32];

SEC("syscall")
int offsets(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = core_byte_offset(s->byte);
	results[1] = core_byte_offset(s->wide);
	results[2] = core_byte_offset(s->inner.second);
	results[3] = core_byte_offset(s->anonymous_first);
	results[4] = core_byte_offset(s->anonymous_deep);
	results[5] = core_byte_offset(s->anonymous_short);
	results[6] = core_byte_offset(s->array[4]);
	results[7] = core_byte_offset(s->inners[2].list[1]);
	results[8] = core_byte_offset(s->matrix[1][2]);
	results[9] = core_byte_offset(s->either.inner.second);
	results[10] = core_byte_offset(s->typed.kind);
	results[11] = core_byte_offset(s[1].number);
	return 0;
}

SEC("syscall")
int loads(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	results[0] = s->byte;
	results[1] = s->wide;
	results[2] = s->inner.second;
	results[3] = s->anonymous_first;
	results[4] = s->anonymous_deep;
	results[5] = s->array[4];
	results[6] = s->inners[2].list[1];
	results[7] = s->either.wide;
	results[8] = s->color;
	results[9] = s->typed.id;
	results[10] = (u64)s->next;
	results[11] = (u64)s->callback;
	return 0;
}

SEC("syscall")
int stores(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);

	s->byte = 1;
	s->number = 2;
	s->wide = results[31];
	s->inner.second = 4;
	s->array[2] = results[30];
	return 0;
}

SEC("syscall")
int addresses(void *ctx)
{
	struct sample *s = SAMPLE(struct sample);
	char text[16] = {};

	bpf_probe_read_kernel(text, sizeof(text), __builtin_preserve_access_index(&s->text));
	results[0] = text[0];
	core_read(&results[1], &s->inners[1].second);
	core_read(&results[2], &s->wide);
	return 0;
}

LICENSE;
