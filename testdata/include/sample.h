/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The types that the core_ programs ask about, as the programs know them. The kernel has none of them: the target's
 * view comes from an object under btf/, which declares the same names with other layouts.
 */
#pragma once

#include "bpf_core.h"

enum sample_color {
	SAMPLE_RED = 1,
	SAMPLE_GREEN = 2,
	SAMPLE_BACK = -3,
	SAMPLE_GONE = 4,
};

struct sample_inner {
	u32 first;
	u64 second;
	u16 list[4];
} __core;

union sample_either {
	u64 wide;
	u32 narrow;
	struct sample_inner inner;
} __core;

typedef struct {
	u32 id;
	u8 kind;
} __core sample_typedef;

typedef int (*sample_callback)(struct sample_inner *inner, u64 value);

struct sample {
	u8 byte;
	u32 number;
	s32 signed_number;
	u64 wide;
	struct sample *next;
	struct sample_inner inner;
	struct {
		u32 anonymous_first;
		union {
			u32 anonymous_deep;
			u16 anonymous_short;
		};
	};
	u32 array[6];
	struct sample_inner inners[3];
	u32 matrix[2][3];
	union sample_either either;
	enum sample_color color;
	const char *name;
	sample_typedef typed;
	sample_callback callback;
	u32 gone;
	u32 resized;
	char text[16];
} __core;

struct sample_bits {
	u32 before;
	u8 one : 1;
	u8 three : 3;
	u8 four : 4;
	s32 negative : 5;
	u32 crossing : 20;
	u64 long_bits : 40;
	s64 long_negative : 23;
	u32 plain;
} __core;

struct sample_flexible {
	u32 count;
	struct sample_inner items[];
} __core;

/* Memory that stands for an object of a sample type, large enough for every layout. */
#define SAMPLE_MEMORY u8 memory[1024] __aligned(8)

/* A pointer to it of which the compiler knows nothing. */
#define SAMPLE(type)                                 \
	({                                           \
		type *pointer_ = (void *)memory;     \
		__asm__ volatile("" : "+r"(pointer_)); \
		pointer_;                            \
	})
