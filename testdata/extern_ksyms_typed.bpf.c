// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel variables by type. The kernel asks its own kallsyms, so it refuses them without CONFIG_KALLSYMS_ALL.
#include "bpf_core.h"

struct rq {
	int cpu;
} __core;

extern const struct rq runqueues __ksym;
extern const int bpf_prog_active __ksym;

int first_cpu = -1, this_active = -1;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);
	int *active = bpf_this_cpu_ptr(&bpf_prog_active);

	if (rq)
		first_cpu = rq->cpu;
	this_active = *active;
	return 0;
}

LICENSE;
