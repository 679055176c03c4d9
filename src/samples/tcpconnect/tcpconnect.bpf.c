// SPDX-License-Identifier: MIT OR GPL-2.0-only
// TCP connections as they are opened from here. Three programs see the same from three hooks; the agent loads the best
// that the kernel has.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"

#define AF_INET 2
#define AF_INET6 10
#define TCP_SYN_SENT 2

struct connect_event {
	u32 pid;
	u32 uid;
	u16 family;
	u16 port;
	char comm[16];
	u8 source[16]; /* of an IPv4 address, the first four bytes */
	u8 destination[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

__event(events, struct connect_event);

u64 dropped;

static __always_inline int connecting(struct sock *sk)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	struct connect_event *event;

	if (family != AF_INET && family != AF_INET6)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = bpf_get_current_uid_gid();
	event->family = family;
	event->port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (family == AF_INET) {
		bpf_core_read(event->source, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(event->destination, 4, &sk->__sk_common.skc_daddr);
	} else {
		bpf_core_read(event->source, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(event->destination, 16, &sk->__sk_common.skc_v6_daddr);
	}
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* The cheapest: the kernel's function calls the program directly (Linux 5.5). */
SEC("?fentry/tcp_connect")
int BPF_PROG(connect_fentry, struct sock *sk)
{
	return connecting(sk);
}

/* The oldest: a breakpoint in the function, and the argument in a register. */
SEC("?kprobe/tcp_connect")
int connect_kprobe(struct pt_regs *ctx)
{
	return connecting((struct sock *)PT_REGS_PARM1(ctx));
}

/* For kernels that let nobody into their functions: a socket that begins to connect changes its state (Linux 4.16). */
SEC("?tracepoint/sock/inet_sock_set_state")
int connect_tracepoint(struct trace_event_raw_inet_sock_set_state *ctx)
{
	return ctx->newstate == TCP_SYN_SENT ? connecting((struct sock *)ctx->skaddr) : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
