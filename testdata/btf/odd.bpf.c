// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A target at the edges of the rules: arrays too short, flat or without a length, deep nesting, fields that are compatible or
// just not, and a bit-field that no load can hold.
#include "../include/bpf_helpers.h"

enum sample_color_of_another_name {
	SAMPLE_RED = 6,
};

struct sample_inner___flavored {
	u32 list[4];
	union {
		u64 second;
		struct {
			u32 first;
		} named;
	};
	const volatile s64 first;
};

union sample_either {
	struct {
		struct {
			union {
				struct {
					u16 narrow;
				};
			};
		};
	};
	void *wide;
	union {
		struct sample_inner___flavored inner;
	};
};

typedef struct sample_named {
	enum sample_color_of_another_name id;
	s8 kind[2];
} sample_typedef___flavored;

typedef sample_typedef___flavored sample_typedef;

struct sample___one_flavor {
	bool byte;
	enum { A_NUMBER } number;
	u8 signed_number;
	float wide;
	void *next;
	struct sample_inner___flavored *inner;
	struct {
		struct {
			struct {
				u64 anonymous_first;
			};
			union {
				u8 anonymous_short;
			};
		} anonymous_holder;
		u32 anonymous_deep : 20;
	};
	u64 array[4];
	struct sample_inner___flavored inners[2];
	u32 matrix[6];
	union sample_either either;
	enum sample_color_of_another_name color;
	u64 name;
	sample_typedef typed;
	void (*callback)(void);
	u32 gone[1];
	u8 resized;
	char text[];
};

struct sample_bits {
	u32 before : 3;
	u8 one;
	u64 three : 60;
	s64 : 1;
	enum { B_FOUR } four : 6;
	s32 negative[2];
	bool crossing : 1;
	u64 long_bits : 63;
	u64 long_negative : 64;
	s32 plain : 31;
} __attribute__((packed));

struct sample_flexible {
	struct sample_inner___flavored items[0];
	u16 count;
};

struct sample___one_flavor sample;
struct sample_bits bits;
struct sample_flexible flexible;
