// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: there is no BTF to compare the extern with.
// strip: .BTF
#include "../include/bpf_core.h"

extern u64 counter;

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return counter == 5;
}

LICENSE;
