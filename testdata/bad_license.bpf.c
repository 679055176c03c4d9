// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The license forbids the helper.
#include "bpf_helpers.h"

SEC("raw_tp/sys_enter")
int only_for_gpl(void *ctx)
{
	u32 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), ctx);
	return value & 0;
}

char _license[] SEC("license") = "Proprietary";
