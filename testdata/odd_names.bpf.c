// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Names longer than the kernel keeps, a section that no table knows, a program that is optional.
#include "bpf_helpers.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} a_map_with_a_name_of_more_than_fifteen_characters SEC(".maps");

u64 counter SEC(".data.a_section_of_more_than_fifteen_characters") = 1;

SEC("socket")
int a_program_with_a_name_of_more_than_fifteen_characters(struct __sk_buff *skb)
{
	u32 zero = 0;

	counter++;
	return bpf_map_lookup_elem(&a_map_with_a_name_of_more_than_fifteen_characters, &zero) != NULL;
}

SEC("?no_such_section/at_all")
int unknown(void *ctx)
{
	return 0;
}

LICENSE;
