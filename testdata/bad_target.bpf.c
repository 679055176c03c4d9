// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Programs for kernel functions and tracepoints that do not exist.
#include "bpf_helpers.h"

SEC("fentry/bpf_loader_missing_function")
int no_function(void *ctx)
{
	return 0;
}

SEC("tp_btf/bpf_loader_missing_tracepoint")
int no_tracepoint(void *ctx)
{
	return 0;
}

SEC("fentry")
int no_target(void *ctx)
{
	return 0;
}

LICENSE;
