/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Arguments of probed functions. The names are libbpf's. */
#pragma once

#if defined(__TARGET_ARCH_x86)
#define PT_REGS_PARM1(regs) ((regs)->di)
#endif

/*
 * A program of fentry, tp_btf or lsm gets its arguments as an array of 64-bit words. BPF_PROG(name, type argument...)
 * names them; the program proper is inlined into the one that the kernel calls.
 */
#define BPF_PROG(name, ...)                                                   \
	name(unsigned long long *ctx);                                        \
	static __always_inline int ____##name(unsigned long long *ctx, ##__VA_ARGS__); \
	int name(unsigned long long *ctx)                                     \
	{                                                                     \
		_Pragma("clang diagnostic push")                              \
		_Pragma("clang diagnostic ignored \"-Wint-conversion\"")      \
		return ____##name(___words(ctx, ##__VA_ARGS__));              \
		_Pragma("clang diagnostic pop")                               \
	}                                                                     \
	static __always_inline int ____##name(unsigned long long *ctx, ##__VA_ARGS__)

#define ___words(ctx, ...) ___words_pick(ctx, ##__VA_ARGS__, ___words4, ___words3, ___words2, ___words1, ___words0)(ctx)
#define ___words_pick(ctx, a, b, c, d, words, ...) words
#define ___words0(ctx) ctx
#define ___words1(ctx) ctx, (void *)ctx[0]
#define ___words2(ctx) ___words1(ctx), (void *)ctx[1]
#define ___words3(ctx) ___words2(ctx), (void *)ctx[2]
#define ___words4(ctx) ___words3(ctx), (void *)ctx[3]
