// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: be
// Many user functions with one link: Linux 6.6.
#include "bpf_helpers.h"
#include "bpf_tracing.h"

u64 entries, returns;

SEC("uprobe.multi")
int uprobe_multi(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("uretprobe.multi")
int uretprobe_multi(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

LICENSE;
