// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: be
// uprobe and uretprobe: without a target, which the test gives, and in the C library.
#include "bpf_helpers.h"
#include "bpf_tracing.h"

u64 entries, returns, library;
u64 last_first, last_second, last_result;
u32 last_pid;

SEC("uprobe")
int uprobe_entry(struct pt_regs *ctx)
{
	last_first = PT_REGS_PARM1(ctx);
	last_second = PT_REGS_PARM2(ctx);
	last_pid = bpf_get_current_pid_tgid() >> 32;
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("uretprobe")
int uprobe_return(struct pt_regs *ctx)
{
	last_result = PT_REGS_RC(ctx);
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

SEC("uprobe/libc.so.6:getpid")
int uprobe_library(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&library, 1);
	return 0;
}

LICENSE;
