// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// What helpers answer: texts, numbers, timers (Linux 5.15). What each program leaves in the variables is the same in the kernel.
#include "bpf_core.h"

static long (*const bpf_strtol)(const char *buf, u64 size, u64 flags, s64 *result) = (void *)105;
static long (*const bpf_strtoul)(const char *buf, u64 size, u64 flags, u64 *result) = (void *)106;
static long (*const bpf_snprintf)(char *to, u32 size, const char *format, u64 *data, u32 length) = (void *)165;
static long (*const bpf_timer_init)(void *timer, void *map, u64 flags) = (void *)169;
static long (*const bpf_timer_set_callback)(void *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(void *timer, u64 nanoseconds, u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(void *timer) = (void *)172;

struct bpf_timer {
	u64 opaque[2];
} __aligned(8);

struct timed {
	struct bpf_timer timer;
};

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct timed);
} timers SEC(".maps");

char texts[16][24];
s64 results[16];
s64 values[16];

#define text(at, format, value)                                                                        \
	({                                                                                             \
		static const char format_[] = format;                                                  \
		u64 data_[] = { (u64)(value) };                                                        \
		results[at] = bpf_snprintf(texts[at], sizeof(texts[at]), format_, data_, sizeof(data_)); \
	})

/* Zeros stand between the sign and the digits; a text that does not fit is cut, and its length told. */
SEC("tc")
int numbers_as_texts(struct __sk_buff *skb)
{
	text(0, "%05d|", -42);
	text(1, "%+d|", 42);
	text(2, "% d|", 7);
	text(3, "%-6d|", -3);
	text(4, "%08x|", 0xab);
	text(5, "%6u|", 17);
	text(6, "%+05d|", 42);
	text(7, "%-05d|", 42);
	text(8, "%ld|", -1L);
	text(9, "%llX|", 0xfeedbeefcafeULL);
	text(10, "%4c|", 'x');
	text(11, "%% %020llu|", ~0ULL);
	text(12, "%i|", 0xffffffffffULL);
	return 0;
}

#define printed(at, format, value)                                            \
	({                                                                    \
		static const char format_[] = format;                         \
		results[at] = bpf_trace_printk(format_, sizeof(format_), value); \
	})

/* Of what printf of C has, the kernel takes a part. */
SEC("tc")
int formats(struct __sk_buff *skb)
{
	static const char open[] = "%d";

	printed(0, "%#x", 1);
	printed(1, "%d", 12);
	printed(2, "%hd", 1);
	printed(3, "%.3d", 1);
	printed(4, "%lc", 'x');
	printed(5, "%", 1);
	printed(6, "%d %d %d %d", 1);
	printed(7, "%lld", 123LL);
	printed(8, "%5%", 1);
	printed(9, "\a", 1);
	printed(10, "a\tb\n", 1);
	printed(11, "%llld", 1);
	results[12] = bpf_trace_printk(open, sizeof(open) - 1, 1);
	return 0;
}

#define number(at, helper, text, base)                                             \
	({                                                                         \
		static const char text_[] = text;                                  \
		__typeof__(values[0]) value_ = 0;                                  \
		results[at] = helper(text_, sizeof(text_), base, (void *)&value_); \
		values[at] = value_;                                               \
	})

SEC("tc")
int texts_as_numbers(struct __sk_buff *skb)
{
	number(0, bpf_strtol, "0x1f", 0);
	number(1, bpf_strtol, "0xg", 0);
	number(2, bpf_strtol, "017", 0);
	number(3, bpf_strtol, " -12 ", 0);
	number(4, bpf_strtol, "0x10", 16);
	number(5, bpf_strtol, "0x10", 10);
	number(6, bpf_strtoul, "-1", 0);
	number(7, bpf_strtoul, "18446744073709551615", 10);
	number(8, bpf_strtoul, "18446744073709551616", 10);
	number(9, bpf_strtol, "9223372036854775808", 10);
	number(10, bpf_strtol, "-9223372036854775808", 10);
	number(11, bpf_strtol, "x", 10);
	number(12, bpf_strtol, "089", 0);
	number(13, bpf_strtol, "0x", 0);
	number(14, bpf_strtol, "FF", 16);
	return 0;
}

static int on_timer(void *map, u32 *key, struct timed *value)
{
	return 0;
}

/* Which clocks there are for timers: of REALTIME, MONOTONIC and BOOTTIME a second one is one too many. */
SEC("tc")
int clocks(struct __sk_buff *skb)
{
	for (u32 clock = 0; clock < 16; clock++) {
		u32 key = clock;
		struct timed *timed = bpf_map_lookup_elem(&timers, &key);

		if (timed)
			results[clock] = bpf_timer_init(&timed->timer, &timers, clock);
	}
	return 0;
}

/* A timer that was cancelled has lost its callback. */
SEC("tc")
int cancelled(struct __sk_buff *skb)
{
	const u64 second = 1000000000;
	struct timed none = {}, *timed;
	u32 key = 3;

	bpf_map_update_elem(&timers, &key, &none, 0);
	timed = bpf_map_lookup_elem(&timers, &key);
	if (!timed)
		return 1;
	results[0] = bpf_timer_init(&timed->timer, &timers, 1);
	results[1] = bpf_timer_start(&timed->timer, second, 0);
	results[2] = bpf_timer_set_callback(&timed->timer, on_timer);
	results[3] = bpf_timer_start(&timed->timer, second, 0);
	results[4] = bpf_timer_cancel(&timed->timer);
	results[5] = bpf_timer_start(&timed->timer, second, 0);
	results[6] = bpf_timer_set_callback(&timed->timer, on_timer);
	results[7] = bpf_timer_start(&timed->timer, second, 0);
	results[8] = bpf_timer_cancel(&timed->timer);
	results[9] = bpf_timer_cancel(&timed->timer);
	return 0;
}

LICENSE;
