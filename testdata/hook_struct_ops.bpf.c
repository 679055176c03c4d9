// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A TCP congestion control, registered as long as its map is.
#include "bpf_core.h"

struct sock;
struct rate_sample;
struct ack_sample;

struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	void (*set_state)(struct sock *sk, u8 new_state);
	u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

u64 calls;

SEC("struct_ops/ssthresh")
u32 mini_ssthresh(u64 *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 2;
}

SEC("struct_ops")
void mini_cong_avoid(u64 *ctx)
{
	__sync_fetch_and_add(&calls, 1);
}

SEC("struct_ops/undo_cwnd")
u32 mini_undo_cwnd(u64 *ctx)
{
	return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops mini_cc = {
	.ssthresh = (void *)mini_ssthresh,
	.cong_avoid = (void *)mini_cong_avoid,
	.undo_cwnd = (void *)mini_undo_cwnd,
	.name = "bpf_mini",
};

LICENSE;
