// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: be
// kprobe, kretprobe and system calls by name, with the arguments of the machine.
#include "bpf_core.h"
#include "bpf_tracing.h"

struct filename {
	const char *name;
} __core;

u64 entries, returns, offsets, syscalls, optional;
long last_result;
char last_name[64];

SEC("kprobe/do_unlinkat")
int kprobe_unlink(struct pt_regs *ctx)
{
	struct filename *name = (void *)PT_REGS_PARM2(ctx);

	bpf_probe_read_kernel_str(last_name, sizeof(last_name), CORE_READ(name, name));
	__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("kretprobe/do_unlinkat")
int kretprobe_unlink(struct pt_regs *ctx)
{
	last_result = PT_REGS_RC(ctx);
	__sync_fetch_and_add(&returns, 1);
	return 0;
}

SEC("kprobe/do_unlinkat+0x0")
int kprobe_offset(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&offsets, 1);
	return 0;
}

SEC("ksyscall/unlinkat")
int ksyscall_unlinkat(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&syscalls, 1);
	return 0;
}

SEC("kretsyscall/unlinkat")
int kretsyscall_unlinkat(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&syscalls, 1);
	return 0;
}

SEC("kprobe")
int kprobe_bare(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&optional, 1);
	return 0;
}

LICENSE;
