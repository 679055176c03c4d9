// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the section is not writable.
#include "../include/bpf_core.h"

const char odd_one[4] SEC(".data") = "no";

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return odd_one[*(int *)ctx & 3] == 1;
}

LICENSE;
