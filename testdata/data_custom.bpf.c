// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Variables in sections of their own.
#include "bpf_helpers.h"

u32 plain_data = 1;
const volatile u32 plain_rodata = 2;
u32 plain_bss;

u32 first SEC(".data.custom") = 3;
u64 second SEC(".data.custom") = 4;
u32 third SEC(".data.another_rather_long_name") = 5;
const volatile u32 fixed SEC(".rodata.custom") = 6;
u64 cleared SEC(".bss.custom");
u32 big[64] SEC(".bss.other");

SEC("syscall")
int sum(void *ctx)
{
	cleared = plain_data + plain_rodata + plain_bss + first + second + third + fixed;
	big[cleared & 63] = cleared;
	return 0;
}

LICENSE;
