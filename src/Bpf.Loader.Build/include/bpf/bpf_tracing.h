/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Arguments and results of what a program is attached to, by name. The names are libbpf's. */
#ifndef __BPF_TRACING_H__
#define __BPF_TRACING_H__

#include "bpf_helpers.h"
#include "bpf_core_read.h"

/*
 * Where each machine passes arguments to functions and to system calls, in words of struct pt_regs: what the kernel's BTF
 * (vmlinux.h) has, which differs from what asm/ptrace.h shows user space by a type of its own, or by names.
 */
#if defined(__TARGET_ARCH_x86)
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
#define ___reg(name) name
#else /* asm/ptrace.h */
#define ___uapi_di rdi
#define ___uapi_si rsi
#define ___uapi_dx rdx
#define ___uapi_cx rcx
#define ___uapi_sp rsp
#define ___uapi_bp rbp
#define ___uapi_ax rax
#define ___uapi_ip rip
#define ___uapi_r8 r8
#define ___uapi_r9 r9
#define ___uapi_r10 r10
#define ___reg(name) ___uapi_##name
#endif
#define ___regs(ctx) (ctx)
#define ___reg_parm1 ___reg(di)
#define ___reg_parm2 ___reg(si)
#define ___reg_parm3 ___reg(dx)
#define ___reg_parm4 ___reg(cx)
#define ___reg_parm5 ___reg(r8)
#define ___reg_parm6 ___reg(r9)
#define ___reg_call1 ___reg(di)
#define ___reg_call2 ___reg(si)
#define ___reg_call3 ___reg(dx)
#define ___reg_call4 ___reg(r10)
#define ___reg_call5 ___reg(r8)
#define ___reg_call6 ___reg(r9)
#define ___reg_ret ___reg(sp)
#define ___reg_fp ___reg(bp)
#define ___reg_rc ___reg(ax)
#define ___reg_sp ___reg(sp)
#define ___reg_ip ___reg(ip)

#elif defined(__TARGET_ARCH_arm64)
#define ___regs(ctx) ((const struct user_pt_regs *)(ctx))
#define ___reg_parm1 regs[0]
#define ___reg_parm2 regs[1]
#define ___reg_parm3 regs[2]
#define ___reg_parm4 regs[3]
#define ___reg_parm5 regs[4]
#define ___reg_parm6 regs[5]
#define ___reg_parm7 regs[6]
#define ___reg_parm8 regs[7]
#define ___reg_call2 regs[1]
#define ___reg_call3 regs[2]
#define ___reg_call4 regs[3]
#define ___reg_call5 regs[4]
#define ___reg_call6 regs[5]
struct pt_regs___call {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));
#define ___reg_call1_of_kernel orig_x0
#define ___reg_ret regs[30]
#define ___reg_fp regs[29]
#define ___reg_rc regs[0]
#define ___reg_sp sp
#define ___reg_ip pc

#elif defined(__TARGET_ARCH_arm)
#define ___regs(ctx) (ctx)
#define ___reg_parm1 uregs[0]
#define ___reg_parm2 uregs[1]
#define ___reg_parm3 uregs[2]
#define ___reg_parm4 uregs[3]
#define ___reg_call1 uregs[0]
#define ___reg_call2 uregs[1]
#define ___reg_call3 uregs[2]
#define ___reg_call4 uregs[3]
#define ___reg_call5 uregs[4]
#define ___reg_call6 uregs[5]
#define ___reg_call7 uregs[6]
#define ___reg_ret uregs[14]
#define ___reg_fp uregs[11]
#define ___reg_rc uregs[0]
#define ___reg_sp uregs[13]
#define ___reg_ip uregs[15]
#define ___no_call_wrapper

#elif defined(__TARGET_ARCH_s390)
#define ___regs(ctx) ((const user_pt_regs *)(ctx))
#define ___reg_parm1 gprs[2]
#define ___reg_parm2 gprs[3]
#define ___reg_parm3 gprs[4]
#define ___reg_parm4 gprs[5]
#define ___reg_parm5 gprs[6]
#define ___reg_call2 gprs[3]
#define ___reg_call3 gprs[4]
#define ___reg_call4 gprs[5]
#define ___reg_call5 gprs[6]
#define ___reg_call6 gprs[7]
struct pt_regs___call {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));
#define ___reg_call1_of_kernel orig_gpr2
#define ___reg_ret gprs[14]
#define ___reg_fp gprs[11]
#define ___reg_rc gprs[2]
#define ___reg_sp gprs[15]
#define ___reg_ip psw.addr

#elif defined(__TARGET_ARCH_powerpc)
#define ___regs(ctx) (ctx)
#define ___reg_parm1 gpr[3]
#define ___reg_parm2 gpr[4]
#define ___reg_parm3 gpr[5]
#define ___reg_parm4 gpr[6]
#define ___reg_parm5 gpr[7]
#define ___reg_parm6 gpr[8]
#define ___reg_parm7 gpr[9]
#define ___reg_parm8 gpr[10]
#define ___reg_call1 orig_gpr3
#define ___reg_call2 gpr[4]
#define ___reg_call3 gpr[5]
#define ___reg_call4 gpr[6]
#define ___reg_call5 gpr[7]
#define ___reg_call6 gpr[8]
#define ___reg_ret link
#define ___reg_fp gpr[31]
#define ___reg_rc gpr[3]
#define ___reg_sp gpr[1]
#define ___reg_ip nip
#define ___no_call_wrapper

#elif defined(__TARGET_ARCH_riscv)
#define ___regs(ctx) ((const struct user_regs_struct *)(ctx))
#define ___reg_parm1 a0
#define ___reg_parm2 a1
#define ___reg_parm3 a2
#define ___reg_parm4 a3
#define ___reg_parm5 a4
#define ___reg_parm6 a5
#define ___reg_parm7 a6
#define ___reg_parm8 a7
#define ___reg_call2 a1
#define ___reg_call3 a2
#define ___reg_call4 a3
#define ___reg_call5 a4
#define ___reg_call6 a5
struct pt_regs___call {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define ___reg_call1_of_kernel orig_a0
#define ___reg_ret ra
#define ___reg_fp s0
#define ___reg_rc a0
#define ___reg_sp sp
#define ___reg_ip pc

#elif defined(__TARGET_ARCH_loongarch)
#define ___regs(ctx) ((const struct user_pt_regs *)(ctx))
#define ___reg_parm1 regs[4]
#define ___reg_parm2 regs[5]
#define ___reg_parm3 regs[6]
#define ___reg_parm4 regs[7]
#define ___reg_parm5 regs[8]
#define ___reg_parm6 regs[9]
#define ___reg_parm7 regs[10]
#define ___reg_parm8 regs[11]
#define ___reg_call2 regs[5]
#define ___reg_call3 regs[6]
#define ___reg_call4 regs[7]
#define ___reg_call5 regs[8]
#define ___reg_call6 regs[9]
struct pt_regs___call {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define ___reg_call1_of_kernel orig_a0
#define ___reg_ret regs[1]
#define ___reg_fp regs[22]
#define ___reg_rc regs[4]
#define ___reg_sp regs[3]
#define ___reg_ip csr_era
#define ___no_call_wrapper

#endif

#ifdef ___regs

/* A function's arguments, its result, and where it is; _CORE ones read registers that are not the program's own context. */
#define PT_REGS_PARM1(ctx) (___regs(ctx)->___reg_parm1)
#define PT_REGS_PARM2(ctx) (___regs(ctx)->___reg_parm2)
#define PT_REGS_PARM3(ctx) (___regs(ctx)->___reg_parm3)
#define PT_REGS_PARM4(ctx) (___regs(ctx)->___reg_parm4)
#define PT_REGS_PARM5(ctx) (___regs(ctx)->___reg_parm5)
#define PT_REGS_PARM6(ctx) (___regs(ctx)->___reg_parm6)
#define PT_REGS_PARM7(ctx) (___regs(ctx)->___reg_parm7)
#define PT_REGS_PARM8(ctx) (___regs(ctx)->___reg_parm8)
#define PT_REGS_RET(ctx) (___regs(ctx)->___reg_ret)
#define PT_REGS_FP(ctx) (___regs(ctx)->___reg_fp)
#define PT_REGS_RC(ctx) (___regs(ctx)->___reg_rc)
#define PT_REGS_SP(ctx) (___regs(ctx)->___reg_sp)
#define PT_REGS_IP(ctx) (___regs(ctx)->___reg_ip)
#define PT_REGS_PARM1_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm1)
#define PT_REGS_PARM2_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm2)
#define PT_REGS_PARM3_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm3)
#define PT_REGS_PARM4_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm4)
#define PT_REGS_PARM5_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm5)
#define PT_REGS_PARM6_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm6)
#define PT_REGS_PARM7_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm7)
#define PT_REGS_PARM8_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_parm8)
#define PT_REGS_RET_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_ret)
#define PT_REGS_FP_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_fp)
#define PT_REGS_RC_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_rc)
#define PT_REGS_SP_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_sp)
#define PT_REGS_IP_CORE(ctx) BPF_CORE_READ(___regs(ctx), ___reg_ip)

/*
 * A system call's arguments, from the registers that PT_REGS_SYSCALL_REGS gives. The kernel saves the first apart where its
 * register becomes the result's, in a member that user space does not see.
 */
#ifdef ___reg_call1_of_kernel
#define PT_REGS_PARM1_CORE_SYSCALL(regs) BPF_CORE_READ((const struct pt_regs___call *)(regs), ___reg_call1_of_kernel)
#define PT_REGS_PARM1_SYSCALL(regs) PT_REGS_PARM1_CORE_SYSCALL(regs)
#else
#define PT_REGS_PARM1_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call1)
#define PT_REGS_PARM1_SYSCALL(regs) (___regs(regs)->___reg_call1)
#endif
#define PT_REGS_PARM2_SYSCALL(regs) (___regs(regs)->___reg_call2)
#define PT_REGS_PARM3_SYSCALL(regs) (___regs(regs)->___reg_call3)
#define PT_REGS_PARM4_SYSCALL(regs) (___regs(regs)->___reg_call4)
#define PT_REGS_PARM5_SYSCALL(regs) (___regs(regs)->___reg_call5)
#define PT_REGS_PARM6_SYSCALL(regs) (___regs(regs)->___reg_call6)
#define PT_REGS_PARM7_SYSCALL(regs) (___regs(regs)->___reg_call7)
#define PT_REGS_PARM2_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call2)
#define PT_REGS_PARM3_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call3)
#define PT_REGS_PARM4_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call4)
#define PT_REGS_PARM5_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call5)
#define PT_REGS_PARM6_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call6)
#define PT_REGS_PARM7_CORE_SYSCALL(regs) BPF_CORE_READ(___regs(regs), ___reg_call7)

/* Where the registers of a system call are in a kprobe of its function: behind the first argument, or the probe's own. */
#ifdef ___no_call_wrapper
#define PT_REGS_SYSCALL_REGS(ctx) (ctx)
#else
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))
#endif

/* The address that a probed function returns to: at its first instruction, and when it returns. */
#if defined(__TARGET_ARCH_x86)
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) \
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ (ip) = PT_REGS_RET(ctx); })
#if defined(__TARGET_ARCH_powerpc)
#define BPF_KRETPROBE_READ_RET_IP BPF_KPROBE_READ_RET_IP
#else
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) \
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#endif
#endif

#endif

/*
 * MACRO(name, type argument...) { body } makes two functions: the one that the kernel calls, and the body, inlined into it,
 * which gets ctx and the arguments. ___bpf_program does that, given what is passed for the arguments. Those are words that may
 * hold pointers; they are handed over as pointers, which become what the body wants.
 */
#define ___bpf_program(name, context, given, ...)                                              \
	name(context);                                                                         \
	static __always_inline typeof(name(0)) ____##name(context, ##__VA_ARGS__);             \
	typeof(name(0)) name(context)                                                          \
	{                                                                                      \
		_Pragma("GCC diagnostic push")                                                 \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")                         \
		return ____##name(given);                                                      \
		_Pragma("GCC diagnostic pop")                                                  \
	}                                                                                      \
	static __always_inline typeof(name(0)) ____##name(context, ##__VA_ARGS__)

/* ctx, and as many words as there are arguments: of an array, of registers, of a system call, of a USDT probe. */
#define ___bpf_given(kind, ...) ___bpf_concat(___bpf_given, ___bpf_count(__VA_ARGS__))(kind)
#define ___bpf_given0(kind) ctx
#define ___bpf_given1(kind) ___bpf_given0(kind), (void *)___bpf_given_##kind(0)
#define ___bpf_given2(kind) ___bpf_given1(kind), (void *)___bpf_given_##kind(1)
#define ___bpf_given3(kind) ___bpf_given2(kind), (void *)___bpf_given_##kind(2)
#define ___bpf_given4(kind) ___bpf_given3(kind), (void *)___bpf_given_##kind(3)
#define ___bpf_given5(kind) ___bpf_given4(kind), (void *)___bpf_given_##kind(4)
#define ___bpf_given6(kind) ___bpf_given5(kind), (void *)___bpf_given_##kind(5)
#define ___bpf_given7(kind) ___bpf_given6(kind), (void *)___bpf_given_##kind(6)
#define ___bpf_given8(kind) ___bpf_given7(kind), (void *)___bpf_given_##kind(7)
#define ___bpf_given9(kind) ___bpf_given8(kind), (void *)___bpf_given_##kind(8)
#define ___bpf_given10(kind) ___bpf_given9(kind), (void *)___bpf_given_##kind(9)
#define ___bpf_given11(kind) ___bpf_given10(kind), (void *)___bpf_given_##kind(10)
#define ___bpf_given12(kind) ___bpf_given11(kind), (void *)___bpf_given_##kind(11)

/* fentry, fexit, fmod_ret, lsm, tp_btf, struct_ops: the arguments are an array of 64-bit words. */
#define BPF_PROG(name, ...) \
	___bpf_program(name, unsigned long long *ctx, ___bpf_given(word, ##__VA_ARGS__), ##__VA_ARGS__)
#define ___bpf_given_word(n) ctx[n]

/* kprobe and uprobe: the arguments are in registers. At the function's return there is only its result. */
#define BPF_KPROBE(name, ...) \
	___bpf_program(name, struct pt_regs *ctx, ___bpf_given(parm, ##__VA_ARGS__), ##__VA_ARGS__)
#define BPF_UPROBE(name, ...) BPF_KPROBE(name, ##__VA_ARGS__)
#define ___bpf_given_parm(n) ___bpf_concat(___bpf_parm, n)(ctx)
#define ___bpf_parm0(ctx) PT_REGS_PARM1(ctx)
#define ___bpf_parm1(ctx) PT_REGS_PARM2(ctx)
#define ___bpf_parm2(ctx) PT_REGS_PARM3(ctx)
#define ___bpf_parm3(ctx) PT_REGS_PARM4(ctx)
#define ___bpf_parm4(ctx) PT_REGS_PARM5(ctx)
#define ___bpf_parm5(ctx) PT_REGS_PARM6(ctx)
#define ___bpf_parm6(ctx) PT_REGS_PARM7(ctx)
#define ___bpf_parm7(ctx) PT_REGS_PARM8(ctx)

#define BPF_KRETPROBE(name, ...) \
	___bpf_program(name, struct pt_regs *ctx, ___bpf_given(result, ##__VA_ARGS__), ##__VA_ARGS__)
#define BPF_URETPROBE(name, ...) BPF_KRETPROBE(name, ##__VA_ARGS__)
#define ___bpf_given_result(n) ___bpf_concat(___bpf_result, n)(ctx)
#define ___bpf_result0(ctx) PT_REGS_RC(ctx)

/*
 * A kprobe of a system call's function. Where the kernel wraps these (x86, arm64 and s390 since Linux 4.17), the registers of
 * the system call are behind its first argument, and must be read.
 */
#define BPF_KSYSCALL(name, ...)                                                                          \
	name(struct pt_regs *ctx);                                                                       \
	extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;                                                \
	static __always_inline typeof(name(0)) ____##name(struct pt_regs *ctx, ##__VA_ARGS__);           \
	typeof(name(0)) name(struct pt_regs *ctx)                                                        \
	{                                                                                                \
		struct pt_regs *___call = LINUX_HAS_SYSCALL_WRAPPER ? (struct pt_regs *)PT_REGS_PARM1(ctx) : ctx; \
		_Pragma("GCC diagnostic push")                                                           \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")                                   \
		if (LINUX_HAS_SYSCALL_WRAPPER)                                                           \
			return ____##name(___bpf_given(wrapped, ##__VA_ARGS__));                         \
		return ____##name(___bpf_given(call, ##__VA_ARGS__));                                    \
		_Pragma("GCC diagnostic pop")                                                            \
	}                                                                                                \
	static __always_inline typeof(name(0)) ____##name(struct pt_regs *ctx, ##__VA_ARGS__)
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL
#define ___bpf_given_wrapped(n) ___bpf_concat(___bpf_wrapped, n)(___call)
#define ___bpf_given_call(n) ___bpf_concat(___bpf_call, n)(___call)
#define ___bpf_wrapped0(regs) PT_REGS_PARM1_CORE_SYSCALL(regs)
#define ___bpf_wrapped1(regs) PT_REGS_PARM2_CORE_SYSCALL(regs)
#define ___bpf_wrapped2(regs) PT_REGS_PARM3_CORE_SYSCALL(regs)
#define ___bpf_wrapped3(regs) PT_REGS_PARM4_CORE_SYSCALL(regs)
#define ___bpf_wrapped4(regs) PT_REGS_PARM5_CORE_SYSCALL(regs)
#define ___bpf_wrapped5(regs) PT_REGS_PARM6_CORE_SYSCALL(regs)
#define ___bpf_wrapped6(regs) PT_REGS_PARM7_CORE_SYSCALL(regs)
#define ___bpf_call0(regs) PT_REGS_PARM1_SYSCALL(regs)
#define ___bpf_call1(regs) PT_REGS_PARM2_SYSCALL(regs)
#define ___bpf_call2(regs) PT_REGS_PARM3_SYSCALL(regs)
#define ___bpf_call3(regs) PT_REGS_PARM4_SYSCALL(regs)
#define ___bpf_call4(regs) PT_REGS_PARM5_SYSCALL(regs)
#define ___bpf_call5(regs) PT_REGS_PARM6_SYSCALL(regs)
#define ___bpf_call6(regs) PT_REGS_PARM7_SYSCALL(regs)

/*
 * BPF_PROG for functions that take structs by value, in as many words as they fill: BPF_PROG2(name, type, argument, type,
 * argument), with a comma between the two. Up to six arguments.
 */
#define BPF_PROG2(name, ...)                                                                              \
	name(unsigned long long *ctx);                                                                    \
	static __always_inline typeof(name(0)) ____##name(unsigned long long *ctx ___bpf_named(__VA_ARGS__)); \
	typeof(name(0)) name(unsigned long long *ctx)                                                     \
	{                                                                                                 \
		return ____##name(ctx ___bpf_taken(0, __VA_ARGS__));                                      \
	}                                                                                                 \
	static __always_inline typeof(name(0)) ____##name(unsigned long long *ctx ___bpf_named(__VA_ARGS__))

#define ___bpf_named(...) ___bpf_concat(___bpf_named, ___bpf_count(__VA_ARGS__))(__VA_ARGS__)
#define ___bpf_named0()
#define ___bpf_named2(type, argument) , type argument
#define ___bpf_named4(type, argument, ...) , type argument ___bpf_named2(__VA_ARGS__)
#define ___bpf_named6(type, argument, ...) , type argument ___bpf_named4(__VA_ARGS__)
#define ___bpf_named8(type, argument, ...) , type argument ___bpf_named6(__VA_ARGS__)
#define ___bpf_named10(type, argument, ...) , type argument ___bpf_named8(__VA_ARGS__)
#define ___bpf_named12(type, argument, ...) , type argument ___bpf_named10(__VA_ARGS__)

#define ___bpf_taken(at, ...) ___bpf_concat(___bpf_taken, ___bpf_count(__VA_ARGS__))(at, ##__VA_ARGS__)
#define ___bpf_taken0(at)
#define ___bpf_taken2(at, type, argument) , ___bpf_take(type, at)
#define ___bpf_taken4(at, type, argument, ...) , ___bpf_take(type, at) ___bpf_taken2((at) + ___bpf_word_count(type), __VA_ARGS__)
#define ___bpf_taken6(at, type, argument, ...) , ___bpf_take(type, at) ___bpf_taken4((at) + ___bpf_word_count(type), __VA_ARGS__)
#define ___bpf_taken8(at, type, argument, ...) , ___bpf_take(type, at) ___bpf_taken6((at) + ___bpf_word_count(type), __VA_ARGS__)
#define ___bpf_taken10(at, type, argument, ...) , ___bpf_take(type, at) ___bpf_taken8((at) + ___bpf_word_count(type), __VA_ARGS__)
#define ___bpf_taken12(at, type, argument, ...) , ___bpf_take(type, at) ___bpf_taken10((at) + ___bpf_word_count(type), __VA_ARGS__)
#define ___bpf_word_count(type) ((sizeof(type) + 7) / 8)

/* What is smaller than a word is in its low bytes. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___bpf_low(size) 0
#else
#define ___bpf_low(size) ((size) < 8 ? 8 - (size) : 0)
#endif
#define ___bpf_take(type, at)                                                                             \
	({                                                                                                \
		unsigned long long ___in[2] = { ctx[at], ___bpf_word_count(type) > 1 ? ctx[(at) + 1] : 0 }; \
		type ___out;                                                                              \
		__builtin_memcpy(&___out, (char *)___in + ___bpf_low(sizeof(type)), sizeof(type));        \
		___out;                                                                                   \
	})

#endif
