// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the extern is to be found in the kernel.
#include "../include/bpf_core.h"

extern const u64 counter __ksym;

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return &counter != (void *)8;
}

LICENSE;
