/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What every BPF program begins with: sections, definitions of maps, helpers, loops. The names are libbpf's. */
#ifndef __BPF_HELPERS__
#define __BPF_HELPERS__

#include "bpf_helper_defs.h"

#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef container_of
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#endif

/* sys/cdefs.h, which a libc's headers bring along, has one that may not stand before a return type. */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#define __hidden __attribute__((visibility("hidden")))

/*
 * The section that a function or variable is put into; the loader reads from its name what it is. clang finds fault with
 * "used" at a declaration, where it has no meaning.
 */
#define SEC(name)                                                             \
	_Pragma("GCC diagnostic push")                                        \
	_Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")            \
	__attribute__((section(name), used))                                  \
	_Pragma("GCC diagnostic pop")

/* Variables that the loader finds: settings of the kernel's build, functions and variables of the kernel. */
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))

/* Tells whether the kernel has a function or variable that was declared __weak __ksym. */
#define bpf_ksym_exists(symbol)                                                                        \
	({                                                                                             \
		_Static_assert(!__builtin_constant_p(!!(symbol)), #symbol " must be declared __weak"); \
		!!(symbol);                                                                            \
	})

/* Members of a map's definition: numbers are lengths of arrays, types are targets of pointers. They exist in BTF only. */
#define __uint(name, value) int(*name)[value]
#define __type(name, type) typeof(type) *name
#define __array(name, type) typeof(type) *name[]
#define __ulong(name, value) enum { ___bpf_concat(__unique_value, __COUNTER__) = value } name

enum libbpf_pin_type {
	LIBBPF_PIN_NONE,
	LIBBPF_PIN_BY_NAME, /* as the file of its name in /sys/fs/bpf */
};

enum libbpf_tristate {
	TRI_NO,
	TRI_YES,
	TRI_MODULE,
};

/* What a pointer in a map's value, or an argument of a global function, is to the verifier. */
#define __kptr __attribute__((btf_type_tag("kptr")))
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr __attribute__((btf_type_tag("uptr")))
#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena __attribute__((btf_decl_tag("arg:arena")))

#ifndef KERNEL_VERSION
#define KERNEL_VERSION(major, minor, patch) (((major) << 16) + ((minor) << 8) + ((patch) > 255 ? 255 : (patch)))
#endif

/* Keeps the compiler from moving reads and writes across, or from knowing a variable's value any longer. */
#ifndef barrier
#define barrier() asm volatile("" ::: "memory")
#endif
#ifndef barrier_var
#define barrier_var(variable) asm volatile("" : "+r"(variable))
#endif

/* Fails the build when the compiler cannot prove that it is never reached. */
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

/* Words of macros: joining two, and counting and walking up to twelve arguments. */
#define ___bpf_concat(a, b) ___bpf_join(a, b)
#define ___bpf_join(a, b) a##b
#define ___bpf_count(...) ___bpf_14th(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define ___bpf_14th(a, b, c, d, e, f, g, h, i, j, k, l, m, n, ...) n

/* ___bpf_words(a, b): (unsigned long long)(a), (unsigned long long)(b) */
#define ___bpf_words(...) ___bpf_concat(___bpf_words, ___bpf_count(__VA_ARGS__))(__VA_ARGS__)
#define ___bpf_word(a) (unsigned long long)(a)
#define ___bpf_words0()
#define ___bpf_words1(a) ___bpf_word(a)
#define ___bpf_words2(a, ...) ___bpf_word(a), ___bpf_words1(__VA_ARGS__)
#define ___bpf_words3(a, ...) ___bpf_word(a), ___bpf_words2(__VA_ARGS__)
#define ___bpf_words4(a, ...) ___bpf_word(a), ___bpf_words3(__VA_ARGS__)
#define ___bpf_words5(a, ...) ___bpf_word(a), ___bpf_words4(__VA_ARGS__)
#define ___bpf_words6(a, ...) ___bpf_word(a), ___bpf_words5(__VA_ARGS__)
#define ___bpf_words7(a, ...) ___bpf_word(a), ___bpf_words6(__VA_ARGS__)
#define ___bpf_words8(a, ...) ___bpf_word(a), ___bpf_words7(__VA_ARGS__)
#define ___bpf_words9(a, ...) ___bpf_word(a), ___bpf_words8(__VA_ARGS__)
#define ___bpf_words10(a, ...) ___bpf_word(a), ___bpf_words9(__VA_ARGS__)
#define ___bpf_words11(a, ...) ___bpf_word(a), ___bpf_words10(__VA_ARGS__)
#define ___bpf_words12(a, ...) ___bpf_word(a), ___bpf_words11(__VA_ARGS__)

/* Prints into /sys/kernel/tracing/trace_pipe: up to three arguments on any kernel, up to twelve since Linux 5.16. */
#ifdef BPF_NO_GLOBAL_DATA /* Linux before 5.2 has no variables: the text is built on the stack */
#define BPF_PRINTK_FMT_MOD
#else
#define BPF_PRINTK_FMT_MOD static const
#endif

#define bpf_printk(format, ...) ___bpf_concat(___bpf_printk, ___bpf_count(__VA_ARGS__))(format, ##__VA_ARGS__)
#define ___bpf_printk0 __bpf_printk
#define ___bpf_printk1 __bpf_printk
#define ___bpf_printk2 __bpf_printk
#define ___bpf_printk3 __bpf_printk
#define ___bpf_printk4 __bpf_vprintk
#define ___bpf_printk5 __bpf_vprintk
#define ___bpf_printk6 __bpf_vprintk
#define ___bpf_printk7 __bpf_vprintk
#define ___bpf_printk8 __bpf_vprintk
#define ___bpf_printk9 __bpf_vprintk
#define ___bpf_printk10 __bpf_vprintk
#define ___bpf_printk11 __bpf_vprintk
#define ___bpf_printk12 __bpf_vprintk

#define __bpf_printk(format, ...)                                              \
	({                                                                     \
		BPF_PRINTK_FMT_MOD char ___format[] = format;                  \
		bpf_trace_printk(___format, sizeof(___format), ##__VA_ARGS__); \
	})

#define ___bpf_formatted(call, format, ...)                                 \
	({                                                                  \
		static const char ___format[] = format;                     \
		unsigned long long ___words[] = { ___bpf_words(__VA_ARGS__) }; \
		call;                                                       \
	})

#define __bpf_vprintk(format, ...) \
	___bpf_formatted(bpf_trace_vprintk(___format, sizeof(___format), ___words, sizeof(___words)), format, ##__VA_ARGS__)

/* Prints into the text of an iterator, or into memory. */
#define BPF_SEQ_PRINTF(seq, format, ...) \
	___bpf_formatted(bpf_seq_printf(seq, ___format, sizeof(___format), ___words, sizeof(___words)), format, ##__VA_ARGS__)
#define BPF_SNPRINTF(out, out_size, format, ...) \
	___bpf_formatted(bpf_snprintf(out, out_size, ___format, ___words, sizeof(___words)), format, ##__VA_ARGS__)

/*
 * Prints into a stream of the program, 1 (BPF_STDOUT) or 2 (BPF_STDERR), for which Linux 6.17 is the first; -95 (EOPNOTSUPP) before.
 * The function has had three shapes, each known by its type or name: with an argument that the verifier sets (6.17), with that and
 * another name (6.18), and without it (7.0), where the second shape is there for the verifier alone, so it comes last.
 */
#define bpf_stream_printk(stream, format, ...) \
	___bpf_formatted(___bpf_stream_vprintk(stream, ___format, ___words, sizeof(___words)), format, ##__VA_ARGS__)

extern int bpf_stream_vprintk___implicit(int stream, const char *fmt__str, const void *args, unsigned int len__sz) __weak __ksym;
extern int bpf_stream_vprintk___explicit(int stream, const char *fmt__str, const void *args, unsigned int len__sz, void *aux__prog) __weak __ksym;
extern int bpf_stream_vprintk_impl___explicit(int stream, const char *fmt__str, const void *args, unsigned int len__sz, void *aux__prog) __weak __ksym;

static __always_inline int ___bpf_stream_vprintk(int stream, const char *format, const void *words, unsigned int size)
{
	if (bpf_ksym_exists(bpf_stream_vprintk___implicit))
		return bpf_stream_vprintk___implicit(stream, format, words, size);
	if (bpf_ksym_exists(bpf_stream_vprintk___explicit))
		return bpf_stream_vprintk___explicit(stream, format, words, size, NULL);
	if (bpf_ksym_exists(bpf_stream_vprintk_impl___explicit))
		return bpf_stream_vprintk_impl___explicit(stream, format, words, size, NULL);
	return -95;
}

#ifdef __bpf__
/* A tail call by a constant index: its registers are set just before the call, as the kernel's compilers want it for a jump. */
static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const unsigned int slot)
{
	if (!__builtin_constant_p(slot))
		__bpf_unreachable();
	asm volatile("r1 = %[ctx]\n\t"
		     "r2 = %[map]\n\t"
		     "r3 = %[slot]\n\t"
		     "call 12"
		     :
		     : [ctx] "r"(ctx), [map] "r"(map), [slot] "i"(slot)
		     : "r0", "r1", "r2", "r3", "r4", "r5");
}
#endif

/* Loops whose bounds the verifier need not know: open-coded iterators (Linux 6.4). */
struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

/* The iterator is made in the loop's head, beside a pointer that is there only for the call, and destroyed when the loop is left. */
#define ___bpf_iterator(type, ...)                                                                                   \
	struct bpf_iter_##type ___it __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))),                 \
		*___made __attribute__((unused)) = (bpf_iter_##type##_new(&___it, ##__VA_ARGS__),                     \
						    (void)bpf_iter_##type##_destroy, (void *)0)

#ifndef bpf_for_each
#define bpf_for_each(type, item, ...) \
	for (___bpf_iterator(type, ##__VA_ARGS__); ((item) = bpf_iter_##type##_next(&___it));)
#endif

#ifndef bpf_for
#define bpf_for(i, start, end)                                                          \
	for (___bpf_iterator(num, (start), (end)); ({                                   \
		     int *___next = bpf_iter_num_next(&___it);                          \
		     (___next && ((i) = *___next, (i) >= (start) && (i) < (end)));      \
	     });)
#endif

#ifndef bpf_repeat
#define bpf_repeat(times) for (___bpf_iterator(num, 0, (times)); bpf_iter_num_next(&___it);)
#endif

#endif
