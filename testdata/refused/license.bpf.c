// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// A helper for programs under the GPL only.
#include "refused.h"

u64 value;

SEC("raw_tp/sys_enter")
int only_for_gpl(struct bpf_raw_tracepoint_args *ctx)
{
	bpf_probe_read_kernel(&value, sizeof(value), ctx);
	return 0;
}

char _license[] SEC("license") = "MIT";
