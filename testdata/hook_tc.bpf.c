// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Traffic control: the classic section names and the tcx ones (the kernel takes those from 6.6 on).
#include "bpf_helpers.h"

u64 packets, bytes;

static __always_inline int count(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&packets, 1);
	__sync_fetch_and_add(&bytes, skb->len);
	return TC_ACT_OK;
}

SEC("tc")
int tc_plain(struct __sk_buff *skb)
{
	return count(skb);
}

SEC("classifier")
int tc_classifier(struct __sk_buff *skb)
{
	skb->mark = 7;
	return count(skb);
}

SEC("action")
int tc_action(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

SEC("tc/ingress")
int tc_ingress(struct __sk_buff *skb)
{
	return count(skb);
}

SEC("tcx/ingress")
int tcx_ingress(struct __sk_buff *skb)
{
	return count(skb);
}

SEC("tcx/egress")
int tcx_egress(struct __sk_buff *skb)
{
	return count(skb);
}

SEC("?netkit/primary")
int netkit_primary(struct __sk_buff *skb)
{
	return -1;
}

SEC("?netkit/peer")
int netkit_peer(struct __sk_buff *skb)
{
	return -1;
}

LICENSE;
