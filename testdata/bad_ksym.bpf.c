// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A kernel symbol that does not exist and is not weak.
#include "bpf_helpers.h"

extern const void bpf_loader_missing_symbol __ksym;

u64 address;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	address = (u64)&bpf_loader_missing_symbol;
	return 0;
}

LICENSE;
