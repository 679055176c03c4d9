// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A target whose types have the same members elsewhere: moved, nested, wider, renamed, some gone.
#include "../include/bpf_helpers.h"

enum sample_color {
	SAMPLE_BACK = -30,
	SAMPLE_EXTRA = 0,
	SAMPLE_RED = 10,
	SAMPLE_GREEN = 20,
	SAMPLE_NEW = 30,
};

struct sample_inner {
	u64 added;
	u64 second;
	u32 first;
	u16 list[8];
};

union sample_either {
	struct {
		u64 before;
		struct sample_inner inner;
	};
	u64 wide;
	u32 narrow;
};

typedef struct sample_named {
	u64 before;
	u8 kind;
	const volatile u32 id;
} sample_typedef;

typedef u64 sample_number;
typedef const sample_number sample_const_number;
typedef int (*sample_callback)(struct sample_inner *inner, u64 value);

struct sample {
	u32 array[9];
	u32 matrix[4][5];
	struct {
		u64 wide;
		union {
			struct {
				u16 padding;
				u8 byte;
			};
			s32 unrelated;
		};
	};
	const sample_callback callback;
	struct sample_inner inners[4];
	union sample_either either;
	enum sample_color color;
	char text[32];
	const struct sample *volatile next;
	sample_const_number resized;
	s64 signed_number;
	volatile u32 number;
	u32 anonymous_first;
	u32 anonymous_deep;
	u16 anonymous_short;
	struct sample_inner inner;
	sample_typedef typed;
	char *restrict name;
};

struct sample_bits {
	u64 padding : 13;
	u64 one : 1;
	u64 three : 5;
	u8 four;
	s16 negative;
	u32 : 7;
	u32 crossing : 20;
	u64 gap : 30;
	u64 long_bits : 33;
	s64 long_negative : 10;
	u32 plain : 17;
};

struct sample_flexible {
	u64 count;
	u64 added;
	struct sample_inner items[2];
};

enum sample_wide {
	SAMPLE_WIDE_SMALL = 100,
	SAMPLE_WIDE_LARGE = 0x7fffffff,
};

enum sample_wide_signed {
	SAMPLE_WIDE_NEGATIVE = -5,
};

struct sample_forward;

struct sample_holder {
	int count;
	struct sample_forward *forward;
	int added;
};

struct sample sample;
struct sample_bits bits;
struct sample_flexible flexible;
enum sample_wide wide;
enum sample_wide_signed wide_signed;
struct sample_holder holder;
