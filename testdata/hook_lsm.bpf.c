// SPDX-License-Identifier: MIT OR GPL-2.0-only
// LSM hooks, plain and sleepable.
#include "bpf_core.h"

u64 opened, execs;
u32 deny_tgid = 0;

SEC("lsm/file_open")
int lsm_open(u64 *ctx)
{
	int earlier = (int)ctx[1];

	__sync_fetch_and_add(&opened, 1);
	if (earlier)
		return earlier;
	return deny_tgid && bpf_get_current_pid_tgid() >> 32 == deny_tgid ? -1 : 0;
}

SEC("lsm.s/bprm_committed_creds")
int lsm_exec(u64 *ctx)
{
	__sync_fetch_and_add(&execs, 1);
	return 0;
}

LICENSE;
