// SPDX-License-Identifier: MIT OR GPL-2.0-only
// An LSM hook for one cgroup: Linux 6.0.
#include "bpf_core.h"

u64 sockets;

SEC("lsm_cgroup/socket_post_create")
int lsm_cgroup_socket(u64 *ctx)
{
	__sync_fetch_and_add(&sockets, 1);
	return 1;
}

LICENSE;
