// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: be
// Many kernel functions with one link: needs fprobe, which Debian's 6.12 has.
#include "bpf_helpers.h"
#include "bpf_tracing.h"

u64 entries, returns;

SEC("kprobe.multi/vfs_unlin?")
int kprobe_multi(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("kretprobe.multi/vfs_un*")
int kretprobe_multi(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

LICENSE;
