// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Type ids here and in the target, and sizes of types.
#include "sample.h"

struct sample_absent {
	u64 member;
} __core;

u64 results[12];

SEC("syscall")
int types(void *ctx)
{
	results[0] = core_type_id_local(struct sample);
	results[1] = core_type_id_local(sample_typedef);
	results[2] = core_type_id_kernel(struct sample);
	results[3] = core_type_id_kernel(sample_typedef);
	results[4] = core_type_id_kernel(struct sample_absent);
	results[5] = core_type_size(struct sample);
	results[6] = core_type_size(union sample_either);
	results[7] = core_type_size(enum sample_color);
	results[8] = core_type_size(struct sample_absent);
	results[9] = core_type_size(sample_typedef);
	return 0;
}

LICENSE;
