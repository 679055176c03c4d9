// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Does not go with base.bpf.c: the license is another one.
#include "../include/bpf_core.h"

SEC("raw_tp/sched_process_exec")
int other_program(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
