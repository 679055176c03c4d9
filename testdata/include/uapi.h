/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's user ABI as far as the programs here need it: numbers and layouts. */
#pragma once

#include "types.h"

enum map_type {
	HASH = 1,
	ARRAY = 2,
	PROG_ARRAY = 3,
	PERF_EVENT_ARRAY = 4,
	PERCPU_HASH = 5,
	PERCPU_ARRAY = 6,
	STACK_TRACE = 7,
	CGROUP_ARRAY = 8,
	LRU_HASH = 9,
	LRU_PERCPU_HASH = 10,
	LPM_TRIE = 11,
	ARRAY_OF_MAPS = 12,
	HASH_OF_MAPS = 13,
	DEVMAP = 14,
	SOCKMAP = 15,
	CPUMAP = 16,
	XSKMAP = 17,
	SOCKHASH = 18,
	CGROUP_STORAGE = 19,
	REUSEPORT_SOCKARRAY = 20,
	PERCPU_CGROUP_STORAGE = 21,
	QUEUE = 22,
	STACK = 23,
	SK_STORAGE = 24,
	DEVMAP_HASH = 25,
	STRUCT_OPS = 26,
	RINGBUF = 27,
	INODE_STORAGE = 28,
	TASK_STORAGE = 29,
	BLOOM_FILTER = 30,
	USER_RINGBUF = 31,
	CGRP_STORAGE = 32,
	ARENA = 33,
};

#define BPF_F_NO_PREALLOC (1 << 0)
#define BPF_F_NUMA_NODE (1 << 2)
#define BPF_F_RDONLY_PROG (1 << 7)
#define BPF_F_MMAPABLE (1 << 10)
#define BPF_F_CURRENT_CPU 0xffffffffULL

#define XDP_PASS 2
#define TC_ACT_OK 0
#define SK_PASS 1
#define NF_ACCEPT 1
#define BPF_OK 0

struct bpf_map_def {
	u32 type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
	u32 map_flags;
};

#ifdef __TARGET_ARCH_arm64
/* What the kernel calls struct user_pt_regs, and gives to programs. */
struct pt_regs {
	u64 regs[31], sp, pc, pstate;
};
#else
struct pt_regs {
	u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	u64 ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#endif

struct bpf_raw_tracepoint_args {
	u64 args[0];
};

struct bpf_perf_event_data {
	struct pt_regs regs;
	u64 sample_period;
	u64 addr;
};

struct __sk_buff {
	u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present;
	u32 vlan_tci, vlan_proto, priority, ingress_ifindex, ifindex;
	u32 tc_index, cb[5], hash, tc_classid, data, data_end;
};

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index;
	u32 egress_ifindex;
};

struct bpf_sock {
	u32 bound_dev_if, family, type, protocol, mark, priority;
};

struct bpf_sock_addr {
	u32 user_family, user_ip4, user_ip6[4], user_port;
	u32 family, type, protocol;
};

struct bpf_sock_ops {
	u32 op;
	union {
		u32 args[4];
		u32 reply;
	};
	u32 family;
};

struct bpf_sysctl {
	u32 write, file_pos;
};

struct bpf_cgroup_dev_ctx {
	u32 access_type, major, minor;
};

struct bpf_sockopt {
	u64 sk, optval, optval_end;
	s32 level, optname, optlen, retval;
};

struct sk_msg_md {
	u64 data, data_end;
	u32 family;
};

struct bpf_sk_lookup {
	u64 cookie;
	u32 family, protocol, remote_ip4, remote_ip6[4];
};

struct sk_reuseport_md {
	u64 data, data_end;
	u32 len, eth_protocol, ip_protocol, bind_inany, hash;
};

struct bpf_pidns_info {
	u32 pid, tgid;
};
