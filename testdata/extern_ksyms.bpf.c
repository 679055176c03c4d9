// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel symbols: typed variables, symbols by address alone, weak ones that do not exist.
#include "bpf_core.h"

struct rq {
	int cpu;
} __core;

extern const struct rq runqueues __ksym;
extern const int bpf_prog_active __ksym;
extern const void bpf_link_fops __ksym;
extern const void bpf_loader_missing_symbol __ksym __weak;
extern const int bpf_loader_missing_variable __ksym __weak;

u64 link_fops, missing;
int first_cpu = -1, this_active = -1;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);
	int *active = bpf_this_cpu_ptr(&bpf_prog_active);

	if (rq)
		first_cpu = rq->cpu;
	this_active = *active;
	link_fops = (u64)&bpf_link_fops;
	missing = (u64)&bpf_loader_missing_symbol;
	if (&bpf_loader_missing_variable)
		missing += bpf_loader_missing_variable;
	return 0;
}

LICENSE;
