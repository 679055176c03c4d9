// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the function has another number of parameters.
#include "../include/bpf_core.h"

int shared(int value, int other);

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return shared(1, 2) & 0;
}

LICENSE;
