// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A target with two flavors of one type that agree about one member only.
#include "../include/bpf_helpers.h"

struct sample_twice___one {
	u32 before;
	u32 same;
	u32 different;
};

struct sample_twice___two {
	u32 different;
	u32 same;
};

struct sample_twice___one one;
struct sample_twice___two two;
