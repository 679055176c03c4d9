// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Types whose names or layouts other languages find awkward: keywords, names that differ in case only, types without names, packed
// structs, bit-fields, wide integers, enums with signs and of 64 bits, flexible arrays, types that are only declared.
#include "bpf_helpers.h"

typedef __int128 s128;
typedef unsigned __int128 u128;

struct declared;

enum signed_enum { SIGNED_ENUM_LOW = -5, SIGNED_ENUM_NONE = 0, SIGNED_ENUM_HIGH = 7 };
enum wide_enum { WIDE_ENUM_SMALL = 1, WIDE_ENUM_LARGE = 0x123456789abcdef0ULL };
enum small_enum { SMALL_ENUM_A, SMALL_ENUM_1B, SMALL_ENUM_C = 200 } __attribute__((packed));
enum { WITHOUT_NAME = 3, WITHOUT_ANY_NAME = 4 };

typedef struct {
	u32 only_by_typedef;
} by_typedef_t;

struct packed_inner {
	u8 tag;
	u64 wide;
	u16 tail;
} __attribute__((packed));

struct bits {
	u32 low : 3;
	s32 signed_middle : 5;
	u32 : 2;
	u32 rest : 22;
	u64 across : 37;
	enum signed_enum kind : 5;
	bool flag : 1;
	u8 after;
};

struct packed_bits {
	u8 first;
	u32 crossing : 13;
	u64 long_crossing : 60;
	u8 last;
} __attribute__((packed));

struct class {
	u32 class;
	u32 Class;
	u32 object;
	u32 string;
	u32 to_string;
	u32 ToString;
	u32 get_type;
	u32 _;
	u32 __;
	u32 _1st;
	u32 a_1_2;
	u32 a_12;
};

struct tree {
	struct tree *left, *right;
	const struct declared *declared;
	int (*callback)(struct tree *self, u32 argument);
	u32 value;
};

struct mixed {
	union {
		u64 whole;
		struct {
			u32 half_low, half_high;
		};
		u8 parts[8];
	};
	struct {
		u16 port;
		union {
			u32 v4;
			u8 v6[16];
		} address;
	} ends[2];
	enum { STATE_OPEN = 1, STATE_SHUT } state;
	by_typedef_t pair[2];
	struct packed_inner inner;
	char name[16];
	char names[3][8];
	signed char numbers[4];
	bool flags[3];
	float single;
	double twice;
	struct {
	} nothing;
	u32 none[0];
	u32 after_none;
};

struct flexible {
	u32 length;
	u16 data[];
};

struct key {
	u8 address[4];
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, struct class);
	__type(value, struct mixed);
} object SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, struct bits);
} Object SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct flexible);
} flexible SEC(".maps");

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 20);
} untyped SEC(".maps");

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__event(events, struct tree);

s128 signed_wide = -1;
u128 unsigned_wide = 1;
enum wide_enum wide = WIDE_ENUM_LARGE;
enum small_enum little = SMALL_ENUM_C;
enum signed_enum negative = SIGNED_ENUM_LOW;
struct packed_bits packed_bits = { .first = 1, .crossing = 0x1555, .long_crossing = 0xabcdef012345678ULL, .last = 9 };
struct bits bits = { .low = 5, .signed_middle = -7, .rest = 0x2aaaaa, .across = 0x1234567890ULL, .kind = SIGNED_ENUM_LOW, .flag = 1, .after = 0xee };
volatile u32 volatile_number = 4;
u32 *pointer;
struct {
	u32 inside;
	u8 odd;
} unnamed;
u32 namespace = 1;
u32 Namespace = 2;
u32 data = 3;

SEC("syscall")
int class(void *ctx)
{
	struct flexible *value;
	u32 zero = 0;
	struct key key = {};
	struct bits *known = bpf_map_lookup_elem(&Object, &key);

	value = bpf_map_lookup_elem(&flexible, &zero);
	if (value && known)
		value->length += known->low;
	volatile_number += bits.low + packed_bits.last + namespace + Namespace + data + unnamed.inside + little;
	bits.across++;
	bits.signed_middle--;
	packed_bits.long_crossing++;
	packed_bits.crossing = 0x0aaa;
	negative = SIGNED_ENUM_HIGH;
	wide = WIDE_ENUM_SMALL;
	pointer = (void *)(long)WITHOUT_ANY_NAME;
	signed_wide -= 1;
	unsigned_wide <<= 100;
	return 0;
}

LICENSE;
