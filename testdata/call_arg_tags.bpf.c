// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// Tagged arguments of global functions. Kernels before 6.8 do not know arg:ctx; the loader rewrites the types for them.
#include "bpf_helpers.h"

u64 seen;

__noinline int with_context(void *ctx __decl_tag("arg:ctx"))
{
	seen += bpf_get_smp_processor_id();
	return ctx != NULL;
}

SEC("tracepoint/sched/sched_process_exec")
int from_tracepoint(void *ctx)
{
	return with_context(ctx) & 0;
}

SEC("raw_tp/sched_process_exec")
int from_raw(void *ctx)
{
	return with_context(ctx) & 0;
}

SEC("xdp")
int from_xdp(struct xdp_md *ctx)
{
	return with_context(ctx) ? XDP_PASS : 0;
}

LICENSE;
