// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Pointers in variables, which nobody fills in: to variables, functions and maps, in arrays and members. Texts have names, because
// bpftool's linker takes no pointers to sections in data.
#include "bpf_helpers.h"

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

struct entry {
	u32 id;
	const char *name;
	struct {
		u64 (*run)(u64);
	} ops;
};

u64 first = 1, values[4] = { 2 };
u64 *const table[3] = { &first, &values[2], &values[3] };
const char zero[] = "zero", one[] = "one";
const char *const names[5] = { zero, one, zero, one, zero };

__noinline u64 twice(u64 n)
{
	return n * 2;
}

struct entry entries[2] = { { 1, zero }, { 2, one, { twice } } };
void *map SEC(".data.maps") = &counts;
u64 present;

SEC("socket")
int look(struct __sk_buff *skb)
{
	u32 i = skb->len & 1;
	u64 *const volatile pointer = table[i];
	const char *volatile name = names[i];
	const char *volatile entry = entries[i].name;
	void *volatile found = map;

	present = (pointer != NULL) + (name != NULL) + (entry != NULL) + (found != NULL);
	return 0;
}

LICENSE;
