// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Merged string literals and constants: sections that BTF does not describe.
#include "bpf_helpers.h"

static long (*const bpf_strncmp)(const char *text, u32 size, const char *fixed) = (void *)182;

struct pair {
	u64 first, second;
};

char current[16] = "current";
u64 result;

SEC("syscall")
int print(void *ctx)
{
	struct pair pair = { 0x0102030405060708ULL, 0x1112131415161718ULL };
	const char *text = "the quick brown fox";

	bpf_trace_printk("hello %d\n", 10, 1);
	result = bpf_strncmp(current, sizeof(current), "current");
	result += pair.first + pair.second + text[result & 3];
	return 0;
}

LICENSE;
