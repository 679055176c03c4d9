// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A target whose types changed so that some questions have no answer: other kinds, other signs, narrower, no candidate.
#include "../include/bpf_helpers.h"

enum sample_color {
	SAMPLE_RED = 5,
	SAMPLE_LARGE = 0x100000000ULL,
	SAMPLE_GREEN = 0x200000000ULL,
};

struct sample_inner {
	struct {
		u32 inside;
	} first;
	u32 second;
	u16 list;
};

struct sample {
	u8 byte : 4;
	u64 number;
	s64 signed_number;
	u16 resized;
	u32 wide;
	u64 array[6];
	u32 next;
	enum sample_color color;
	const char *name;
	struct sample_inner inner;
	char text[4];
	struct {
		struct {
			u32 number_elsewhere;
		} number_holder;
	};
};

struct sample_bits {
	u32 one;
	u32 three : 30;
	s8 four : 2;
	u32 negative : 5;
};

union sample_either {
	u8 narrow;
};

struct sample_typedef {
	u32 id;
};

enum sample_wide {
	SAMPLE_WIDE_SMALL = 7,
	SAMPLE_WIDE_LARGE = 9,
};

struct sample sample;
struct sample_bits bits;
union sample_either either;
struct sample_typedef not_a_typedef;
enum sample_wide wide;
