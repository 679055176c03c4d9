// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the variable has another size.
#include "../include/bpf_core.h"

extern u32 counter;

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return counter == 5;
}

LICENSE;
