// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// Whether a type is in the target with the same members (clang 15).
#include "sample.h"

struct sample_inner___less {
	u32 first;
} __core;

struct sample_inner___more {
	u32 first;
	u64 second;
	u16 list[4];
	u32 another;
} __core;

struct sample_inner___retyped {
	u64 first;
} __core;

struct sample_forward;

struct sample_holder {
	struct sample_forward *forward;
	int count;
} __core;

enum sample_color___less {
	SAMPLE_RED___less = 1,
};

u64 results[12];

SEC("syscall")
int matches(void *ctx)
{
	results[0] = core_type_matches(struct sample_inner);
	results[1] = core_type_matches(struct sample_inner___less);
	results[2] = core_type_matches(struct sample_inner___more);
	results[3] = core_type_matches(struct sample_inner___retyped);
	results[4] = core_type_matches(struct sample_holder);
	results[5] = core_type_matches(enum sample_color);
	results[6] = core_type_matches(enum sample_color___less);
	results[7] = core_type_matches(sample_callback);
	results[8] = core_type_matches(union sample_either);
	results[9] = core_type_matches(struct sample_bits);
	return 0;
}

LICENSE;
