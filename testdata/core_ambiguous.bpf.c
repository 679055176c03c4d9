// SPDX-License-Identifier: MIT OR GPL-2.0-only
// One member that two target types of the same name agree about, and one that they do not.
#include "bpf_core.h"

struct sample_twice {
	u32 same;
	u32 different;
} __core;

u64 results[4];

SEC("syscall")
int agreed(void *ctx)
{
	struct sample_twice *s = NULL;

	results[0] = core_byte_offset(s->same);
	return 0;
}

SEC("syscall")
int ambiguous(void *ctx)
{
	struct sample_twice *s = NULL;

	results[1] = core_byte_offset(s->different);
	return 0;
}

LICENSE;
