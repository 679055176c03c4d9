// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Against a real kernel: every kind that its types can answer, on 6.1 as on 6.18.
#include "bpf_core.h"

struct list_head {
	struct list_head *next, *prev;
} __core;

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct list_head tasks;
	char comm[16];
	unsigned int flags;
	unsigned in_execve : 1;
	unsigned sched_reset_on_fork : 1;
	void *stack;
} __core;

struct task_struct___before_5_14 {
	long state;
} __core;

struct task_struct___since_5_14 {
	unsigned int __state;
} __core;

struct sk_buff {
	unsigned int len, data_len;
	unsigned short mac_len;
	u8 pkt_type : 3;
	union {
		u32 mark;
		u32 reserved_tailroom;
	};
	unsigned char *head, *data;
} __core;

enum bpf_map_type {
	BPF_MAP_TYPE_RINGBUF = 1,
	BPF_MAP_TYPE_ARENA = 2,
};

enum bpf_prog_type {
	BPF_PROG_TYPE_NETFILTER = 1,
};

u64 results[48];

SEC("raw_tp/sched_process_exec")
int task(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct task_struct___before_5_14 *older = (void *)task;
	struct task_struct___since_5_14 *newer = (void *)task;

	results[0] = CORE_READ(task, pid);
	results[1] = CORE_READ2(task, real_parent, tgid);
	results[2] = CORE_READ3(task, real_parent, real_parent, flags);
	results[3] = CORE_READ_BITFIELD_PROBED(task, in_execve);
	results[4] = CORE_READ_BITFIELD_PROBED(task, sched_reset_on_fork);
	results[5] = (u64)CORE_READ(task, tasks.next);
	results[6] = core_field_exists(older->state) ? CORE_READ(older, state) : CORE_READ(newer, __state);
	results[7] = core_byte_size(task->comm);
	results[8] = core_byte_offset(task->comm[3]);
	results[9] = core_type_size(struct task_struct);
	results[10] = core_type_exists(struct list_head);
	results[11] = core_signed(task->pid);
	results[12] = core_signed(task->flags);
	results[13] = core_type_id_kernel(struct task_struct);
	results[14] = core_type_id_local(struct task_struct);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int enums(void *ctx)
{
	results[20] = core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF);
	results[21] = core_enum_exists(enum bpf_map_type, BPF_MAP_TYPE_ARENA);
	if (core_enum_exists(enum bpf_prog_type, BPF_PROG_TYPE_NETFILTER))
		results[22] = core_enum_value(enum bpf_prog_type, BPF_PROG_TYPE_NETFILTER);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int packet(u64 *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];

	results[30] = skb->len;
	results[31] = skb->mac_len;
	results[32] = skb->mark;
	results[33] = CORE_READ_BITFIELD(skb, pkt_type);
	results[34] = core_field_exists(skb->reserved_tailroom);
	return 0;
}

SEC("tp_btf/sched_switch")
int direct(u64 *ctx)
{
	struct task_struct *next = (void *)ctx[2];

	results[40] = next->pid;
	results[41] = next->real_parent->tgid;
	results[42] = next->comm[2];
	return 0;
}

LICENSE;
