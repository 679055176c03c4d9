// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: be
// Sleepable uprobes (Linux 6.0) may read memory that is not resident; Linux 6.6 adds many at once.
#include "bpf_helpers.h"
#include "bpf_tracing.h"

static long (*const bpf_copy_from_user)(void *dst, u32 size, const void *user) = (void *)148;

u64 entries;
char text[32];

SEC("uprobe.s")
int uprobe_sleepable(struct pt_regs *ctx)
{
	bpf_copy_from_user(text, sizeof(text), (void *)PT_REGS_PARM1(ctx));
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("uretprobe.s")
int uretprobe_sleepable(struct pt_regs *ctx)
{
	return 0;
}

LICENSE;
