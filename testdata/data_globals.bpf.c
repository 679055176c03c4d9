// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Variables of every type that a skeleton must name, in .data, .rodata and .bss.
#include "bpf_helpers.h"

enum level { LEVEL_LOW = 1, LEVEL_HIGH = 9 };
enum offset { OFFSET_BACK = -1, OFFSET_NONE = 0 };

struct point {
	s32 x, y;
};

union number {
	u64 whole;
	u8 bytes[8];
};

struct settings {
	struct point corners[2];
	union number number;
	enum level level;
	bool on;
	u8 small : 3;
	u8 rest : 5;
	char name[11];
	const void *pointer;
	struct {
		u16 inner_first;
		u16 inner_second;
	};
};

const volatile u8 ro_byte = 0xfe;
const volatile s64 ro_long = -5;
const volatile bool ro_bool = true;
const volatile char ro_text[8] = "abc";
const volatile struct point ro_points[3] = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
const volatile enum level ro_level = LEVEL_HIGH;

s8 data_s8 = -1;
u16 data_u16 = 0x1234;
s32 data_s32 = -100;
u64 data_u64 = 0x1122334455667788ULL;
u32 data_matrix[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
enum offset data_offset = OFFSET_BACK;
struct settings data_settings = {
	.corners = { { 1, -1 }, { 2, -2 } },
	.number = { .whole = 77 },
	.level = LEVEL_LOW,
	.on = true,
	.small = 5,
	.rest = 17,
	.name = "settings",
	.inner_second = 4,
};

u64 bss_count;
u8 bss_flag;
struct point bss_points[4];
u64 bss_sum;

static u64 hidden_static = 3;
static u32 zero_static;
__hidden u32 data_hidden = 6;
__weak u32 data_weak = 7;

SEC("syscall")
int sum(void *ctx)
{
	bss_sum = ro_byte + ro_long + ro_bool + ro_text[1] + ro_points[2].y + ro_level;
	bss_sum += data_s8 + data_u16 + data_s32 + data_u64 + data_matrix[1][2] + data_offset;
	bss_sum += data_settings.corners[1].x + data_settings.small + data_settings.name[2];
	bss_sum += data_hidden + data_weak;
	hidden_static += bss_count;
	zero_static++;
	bss_sum += hidden_static + zero_static;
	bss_points[bss_flag & 3].x = bss_sum;
	bss_count++;
	return 0;
}

LICENSE;
