// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel symbols by address alone, and weak ones of every kind that do not exist.
#include "bpf_helpers.h"

extern const void schedule __ksym;
extern const void bpf_loader_missing_symbol __ksym __weak;
extern const int bpf_loader_missing_variable __ksym __weak;

u64 schedule_address, missing;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	schedule_address = (u64)&schedule;
	missing = (u64)&bpf_loader_missing_symbol;
	if (&bpf_loader_missing_variable)
		missing += bpf_loader_missing_variable;
	return 0;
}

LICENSE;
