// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Files that nobody may open: a security policy of one rule.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "event.bpf.h"

#define EPERM 1

struct denial {
	u32 pid;
	u32 uid;
	u64 inode;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} denials SEC(".maps");

__event(denials, struct denial);

/* A mark on the inode itself: a file that is renamed or has another name is still the same file. */
struct {
	__uint(type, BPF_MAP_TYPE_INODE_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, u8);
} denied SEC(".maps");

/* The process that set the marks may open what it marked. */
const volatile u32 own_pid = 0;

SEC("lsm/file_open")
int BPF_PROG(opening, struct file *file)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct inode *inode = file->f_inode;
	struct denial *denial;

	if (pid == own_pid || !bpf_inode_storage_get(&denied, inode, 0, 0))
		return 0;

	denial = bpf_ringbuf_reserve(&denials, sizeof(*denial), 0);
	if (denial) {
		denial->pid = pid;
		denial->uid = bpf_get_current_uid_gid();
		denial->inode = inode->i_ino;
		bpf_get_current_comm(denial->comm, sizeof(denial->comm));
		bpf_ringbuf_submit(denial, 0);
	}
	return -EPERM;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
