// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: both define the variable, and neither is weak.
#include "../include/bpf_core.h"

u64 counter = 1;

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return counter == 5;
}

LICENSE;
