// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Sockets and network namespaces: filter, reuseport, sockmap verdicts, lookup, flow dissector, light-weight tunnels.
#include "bpf_helpers.h"

struct {
	__uint(type, SOCKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} sockets SEC(".maps");

u64 seen;

SEC("socket")
int filter(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&seen, 1);
	return skb->len;
}

SEC("sk_reuseport")
int reuseport(struct sk_reuseport_md *ctx)
{
	return SK_PASS;
}

SEC("sk_reuseport/migrate")
int reuseport_migrate(struct sk_reuseport_md *ctx)
{
	return SK_PASS;
}

SEC("sk_skb")
int sk_skb_plain(struct __sk_buff *skb)
{
	return SK_PASS;
}

SEC("sk_skb/stream_parser")
int stream_parser(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("sk_skb/stream_verdict")
int stream_verdict(struct __sk_buff *skb)
{
	return SK_PASS;
}

SEC("sk_skb/verdict")
int verdict(struct __sk_buff *skb)
{
	return SK_PASS;
}

SEC("sk_msg")
int message(struct sk_msg_md *ctx)
{
	return SK_PASS;
}

SEC("sk_lookup")
int lookup(struct bpf_sk_lookup *ctx)
{
	return SK_PASS;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("lwt_in")
int tunnel_in(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("lwt_out")
int tunnel_out(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("lwt_xmit")
int tunnel_xmit(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("?lwt_seg6local")
int tunnel_seg6local(struct __sk_buff *skb)
{
	return BPF_OK;
}

LICENSE;
