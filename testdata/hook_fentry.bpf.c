// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Trampolines: fentry, fexit, fmod_ret; sleepable only where the kernel was built with error injection.
#include "bpf_core.h"

struct filename {
	const char *name;
} __core;

u64 entries, exits, modified;
long last_result;
int deny_pid = -1;

SEC("fentry/do_unlinkat")
int fentry_unlink(u64 *ctx)
{
	struct filename *name = (void *)ctx[1];

	if (name->name)
		__sync_fetch_and_add(&entries, 1);
	return 0;
}

SEC("fexit/do_unlinkat")
int fexit_unlink(u64 *ctx)
{
	last_result = ctx[2];
	__sync_fetch_and_add(&exits, 1);
	return 0;
}

SEC("fmod_ret/security_file_ioctl")
int fmod_ret_ioctl(u64 *ctx)
{
	__sync_fetch_and_add(&modified, 1);
	return (int)(bpf_get_current_pid_tgid() >> 32) == deny_pid ? -1 : 0;
}

SEC("?fentry.s/__x64_sys_nanosleep")
int fentry_sleepable(u64 *ctx)
{
	return 0;
}

LICENSE;
