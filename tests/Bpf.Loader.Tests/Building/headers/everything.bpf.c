// Every macro of the headers that come with the build, on any machine, with as few types as that takes.
#define __VMLINUX_H__ 1

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum { BPF_ANY };
enum { BPF_F_CURRENT_CPU = 0xffffffffULL };
enum xdp_action { XDP_DROP = 1, XDP_PASS, XDP_TX };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct counter { int counter; };
struct filename { const char *name; struct counter refcnt; char iname[4]; };
struct super_block { __u32 s_dev; };
struct inode { struct super_block *i_sb; };
struct file { struct inode *f_inode; };
struct mm_struct { unsigned long total_vm; struct file *exe_file; };
struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	unsigned in_iowait : 1, sched_contributes_to_load : 1;
	char comm[16];
};
#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)
struct pt_regs { unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss; };
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs { __u64 regs[31], sp, pc, pstate; };
struct pt_regs;
#elif defined(__TARGET_ARCH_arm)
struct pt_regs { unsigned long uregs[18]; };
#elif defined(__TARGET_ARCH_s390)
typedef struct { unsigned long args[1]; struct { unsigned long mask, addr; } psw; unsigned long gprs[16]; } user_pt_regs;
struct pt_regs;
#elif defined(__TARGET_ARCH_powerpc)
struct pt_regs { unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link; };
#elif defined(__TARGET_ARCH_riscv)
struct user_regs_struct { unsigned long pc, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7; };
struct pt_regs;
#elif defined(__TARGET_ARCH_loongarch)
struct user_pt_regs { unsigned long regs[32], orig_a0, csr_era; };
struct pt_regs;
#endif

struct bpf_iter_num { __u64 at; };
struct xdp_md { __u32 data, data_end; };

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/usdt.bpf.h>

struct value { __u64 count; struct task_struct __kptr *task; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct value);
} counts SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int (void *));
} jumps SEC(".maps");
extern int LINUX_KERNEL_VERSION __kconfig;
extern const void some_symbol __ksym __weak;
int seen, sum;
char text[64];

SEC("fentry/do_unlinkat")
int BPF_PROG(unlinked, int dfd, struct filename *name)
{
	sum += BPF_CORE_READ(name, refcnt.counter) + dfd;
	bpf_printk("none");
	bpf_printk("%d", dfd);
	bpf_printk("%d %s %d", dfd, BPF_CORE_READ(name, name), 3);
	bpf_printk("%d %d %d %d", dfd, 1, 2, 3);
	bpf_printk("%d %d %d %d %d %d %d %d %d %d %d %d", dfd, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
	return 0;
}

SEC("fexit/do_unlinkat")
int BPF_PROG(removed, int dfd, struct filename *name, int result)
{
	BPF_SNPRINTF(text, sizeof(text), "%d %s", result, name->iname);
	return 0;
}

SEC("kprobe/do_unlinkat")
int BPF_KPROBE(probed, int dfd, struct filename *name)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	char comm[16];
	int tgid;
	long ip = 0;

	BPF_CORE_READ_INTO(&tgid, task, real_parent, real_parent, tgid);
	BPF_CORE_READ_STR_INTO(&comm, task, group_leader, comm);
	BPF_PROBE_READ_INTO(&tgid, task, real_parent, tgid);
	sum += tgid + comm[0] + PT_REGS_IP(ctx) + PT_REGS_SP(ctx) + PT_REGS_FP(ctx) + dfd;
	sum += BPF_PROBE_READ(task, mm, total_vm) + BPF_CORE_READ(task, mm, exe_file, f_inode, i_sb, s_dev);
	BPF_KPROBE_READ_RET_IP(ip, ctx);
	sum += ip;
	return 0;
}

SEC("kretprobe/do_unlinkat")
int BPF_KRETPROBE(returned, long result) { sum += result; return 0; }

SEC("ksyscall/kill")
int BPF_KSYSCALL(killed, int pid, int sig) { sum += pid + sig; return 0; }

SEC("tp_btf/sched_switch")
int BPF_PROG2(switched, bool, preempt, struct task_struct *, prev, struct task_struct *, next)
{
	sum += preempt + prev->pid + next->pid;
	sum += BPF_CORE_READ_BITFIELD_PROBED(prev, sched_contributes_to_load) + BPF_CORE_READ_BITFIELD(next, in_iowait);
	return 0;
}

SEC("raw_tp/sched_switch")
int questions(void *ctx)
{
	sum += bpf_core_field_exists(struct task_struct, mm) + bpf_core_field_exists(((struct task_struct *)0)->tgid);
	sum += bpf_core_field_size(struct task_struct, comm) + bpf_core_field_offset(struct task_struct, comm);
	sum += bpf_core_type_exists(struct task_struct) + bpf_core_type_size(struct mm_struct) + bpf_core_type_matches(struct task_struct);
	sum += bpf_core_type_id_kernel(struct task_struct) != 0;
	sum += bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF) + bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF);
	sum += LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 1, 0);
	return 0;
}

SEC("xdp")
int packet(struct xdp_md *ctx)
{
	switch (seen) {
	case bpf_htons(0x0800): return XDP_DROP;
	case bpf_htonl(0x0801): return XDP_TX;
	}
	bpf_tail_call_static(ctx, &jumps, 1);
	return bpf_ntohs(ctx->data) + bpf_be64_to_cpu(ctx->data_end) == 1 ? XDP_DROP : XDP_PASS;
}
SEC("usdt")
int BPF_USDT(probe, int a, const char *b) { sum += a + bpf_usdt_arg_cnt(ctx) + bpf_usdt_cookie(ctx); bpf_probe_read_user_str(text, sizeof(text), b); return 0; }
#ifndef OLD /* what libbpf 1.1 has not */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__ulong(map_extra, 1);
} extra SEC(".maps");

SEC("ksyscall/mmap")
int BPF_KSYSCALL(mapped, void *at, long size, int prot, int flags, int fd, long off) { sum += size + prot + flags + fd + off; return 0; }

SEC("raw_tp/sched_switch")
int loops(void *ctx)
{
	int i, *p;
	if (bpf_ksym_exists(bpf_iter_num_new)) sum++;
	bpf_stream_printk(1, "none");
	bpf_stream_printk(2, "%d %d", sum, 2);
	bpf_for(i, 0, 10) sum += i;
	bpf_repeat(5) sum++;
	bpf_for_each(num, p, 1, 5) sum += *p;
	return 0;
}

SEC("uprobe")
int BPF_UPROBE(user, long a, long b, long c, long d) { sum += a + b + c + d; return 0; }
SEC("uretprobe")
int BPF_URETPROBE(user_end, long a) { sum += a; return 0; }
SEC("uretprobe")
int BPF_URETPROBE(user_end0) { sum += 1; return 0; }

struct bits { unsigned a : 3; unsigned b : 7; int c : 5; } __attribute__((preserve_access_index)) held;
SEC("raw_tp/x")
int writes(void *ctx)
{
	BPF_CORE_WRITE_BITFIELD(&held, b, seen);
	BPF_CORE_WRITE_BITFIELD(&held, c, seen);
	sum += BPF_CORE_READ_BITFIELD(&held, c);
	return 0;
}

#endif

char _license[] SEC("license") = "GPL";
