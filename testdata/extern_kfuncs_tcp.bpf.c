// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel functions that 6.1 has too: the ones for congestion control.
#include "bpf_core.h"

struct sock {
	unsigned long sk_flags;
} __core;

struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

extern u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked) __ksym;
extern u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;

SEC("struct_ops/ssthresh")
u32 reno_ssthresh(u64 *ctx)
{
	return tcp_reno_ssthresh((void *)ctx[0]);
}

SEC("struct_ops/cong_avoid")
void reno_cong_avoid(u64 *ctx)
{
	tcp_reno_cong_avoid((void *)ctx[0], ctx[1], ctx[2]);
}

SEC("struct_ops/undo_cwnd")
u32 reno_undo_cwnd(u64 *ctx)
{
	return tcp_reno_undo_cwnd((void *)ctx[0]);
}

SEC(".struct_ops")
struct tcp_congestion_ops reno_again = {
	.ssthresh = (void *)reno_ssthresh,
	.cong_avoid = (void *)reno_cong_avoid,
	.undo_cwnd = (void *)reno_undo_cwnd,
	.name = "bpf_reno",
};

LICENSE;
