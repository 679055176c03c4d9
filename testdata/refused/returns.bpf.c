// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Results that the hook does not take.
#include "refused.h"

SEC("cgroup/connect4")
int errno_for_cgroup(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == 0x1900)
		return -1;
	return 1;
}

SEC("sk_lookup")
int unknown(struct bpf_sk_lookup *ctx)
{
	return ctx->family;
}

SEC("xdp")
__attribute__((naked)) int no_result(void)
{
	asm volatile("exit");
}

LICENSE;
