/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the programs of refused/ need beyond the headers of the others. */
#pragma once

#define __sk_buff __sk_buff_short
#include "bpf_core.h"
#undef __sk_buff

struct bpf_sock_tuple {
	u32 saddr, daddr;
	u16 sport, dport;
};

struct bpf_spin_lock {
	u32 val;
};

struct syscall_enter {
	u64 common;
	s64 id;
	u64 args[6];
};

struct __sk_buff {
	u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present;
	u32 vlan_tci, vlan_proto, priority, ingress_ifindex, ifindex;
	u32 tc_index, cb[5], hash, tc_classid, data, data_end, napi_id, family;
	u32 remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port, data_meta;
	u64 flow_keys;
	u64 tstamp;
	u32 wire_len, gso_segs;
	struct bpf_sock *sk;
};

struct ethhdr {
	u8 h_dest[6], h_source[6];
	u16 h_proto;
};

struct iphdr {
	u8 version_ihl, tos;
	u16 tot_len, id, frag_off;
	u8 ttl, protocol;
	u16 check;
	u32 saddr, daddr;
};

static u32 (*const bpf_get_prandom_u32)(void) = (void *)7;
static long (*const bpf_xdp_adjust_head)(void *ctx, int delta) = (void *)44;
static struct bpf_sock *(*const bpf_sk_lookup_tcp)(void *ctx, void *tuple, u32 size, u64 netns, u64 flags) = (void *)84;
static long (*const bpf_spin_lock)(struct bpf_spin_lock *lock) = (void *)93;
static long (*const bpf_spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;
static struct bpf_sock *(*const bpf_sk_fullsock)(struct bpf_sock *sk) = (void *)95;
static long (*const bpf_copy_from_user)(void *dst, u32 size, const void *src) = (void *)148;
