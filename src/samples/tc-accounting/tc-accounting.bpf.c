// SPDX-License-Identifier: MIT OR GPL-2.0-only
// What each cgroup sends out of a network device.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TCX_NEXT -1
#define TC_ACT_UNSPEC -1 /* for clsact the same number means the same: let others decide */

struct traffic {
	u64 packets;
	u64 bytes;
};

/* By cgroup id. Pinned: the counts go on when the agent is started again. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, u64);
	__type(value, struct traffic);
} sent SEC(".maps");

static const struct traffic nothing;

SEC("tc")
int account(struct __sk_buff *skb)
{
	/* The cgroup of the socket that the packet comes from; 0 when it was forwarded. */
	u64 cgroup = bpf_skb_cgroup_id(skb);
	struct traffic *traffic = bpf_map_lookup_elem(&sent, &cgroup);

	if (!traffic) {
		bpf_map_update_elem(&sent, &cgroup, &nothing, BPF_NOEXIST);
		traffic = bpf_map_lookup_elem(&sent, &cgroup);
	}
	if (traffic) {
		__sync_fetch_and_add(&traffic->packets, 1);
		__sync_fetch_and_add(&traffic->bytes, skb->len);
	}
	return TCX_NEXT;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
