/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A log for programs (Linux 5.8):
 *
 *	bpf_info("opened %s by %d", name, pid);
 *	bpf_warn("opened {file} by {pid}", bpf_user_str(ctx->name), pid);
 *
 * Formats, names, files and lines stay in the object, where the loader reads them; what goes through the ring buffer are the time,
 * the CPU, the number of the call and the values. Calls below bpf_log_level, which may be set before the load, are taken out by the
 * verifier. A host of Bpf.Loader.Hosting hands the entries to its ILogger, `bpf run` prints them; docs/log-from-c.md tells more.
 */
#ifndef __BPF_LOG_H__
#define __BPF_LOG_H__

#include "bpf_helpers.h"

/* The levels are those of ILogger. */
#define BPF_LOG_TRACE 0
#define BPF_LOG_DEBUG 1
#define BPF_LOG_INFO 2
#define BPF_LOG_WARN 3
#define BPF_LOG_ERROR 4
#define BPF_LOG_NONE 6

/* What is not said is not logged: the least level, until somebody sets the variable. */
#ifndef BPF_LOG_LEVEL
#define BPF_LOG_LEVEL BPF_LOG_INFO
#endif

/* The bytes of the ring buffer: a power of two, and whole pages. */
#ifndef BPF_LOG_SIZE
#define BPF_LOG_SIZE (256 * 1024)
#endif

/* The room for a string that a pointer leads to, the zero at its end included: a multiple of 8. Longer ones are cut. */
#ifndef BPF_LOG_STRING
#define BPF_LOG_STRING 64
#endif

/* Weak: of several sources that are linked into one object, all use the same. */
const volatile unsigned int bpf_log_level __weak = BPF_LOG_LEVEL;

/* How many entries found the ring buffer full. */
unsigned long long bpf_log_lost __weak = 0;

struct {
	__uint(type, 27); /* BPF_MAP_TYPE_RINGBUF */
	__uint(max_entries, BPF_LOG_SIZE);
} bpf_log SEC(".maps") __weak;

#define bpf_trace(format, ...) bpf_log_entry(BPF_LOG_TRACE, format, ##__VA_ARGS__)
#define bpf_debug(format, ...) bpf_log_entry(BPF_LOG_DEBUG, format, ##__VA_ARGS__)
#define bpf_info(format, ...) bpf_log_entry(BPF_LOG_INFO, format, ##__VA_ARGS__)
#define bpf_warn(format, ...) bpf_log_entry(BPF_LOG_WARN, format, ##__VA_ARGS__)
#define bpf_error(format, ...) bpf_log_entry(BPF_LOG_ERROR, format, ##__VA_ARGS__)

/*
 * What an argument is follows from its type: numbers, char arrays (copied whole), other pointers (as addresses), and char pointers,
 * which are taken to lead to a string in the kernel. These say otherwise:
 */
#define bpf_user_str(pointer) ((struct bpf_log_user_string *)(pointer))     /* a string of the process */
#define bpf_kernel_str(pointer) ((const char *)(pointer))                   /* a string of the kernel */
#define bpf_ip4(address) ((struct bpf_log_ip4 *)(unsigned long)(address))   /* an IPv4 address, in network order */

struct bpf_log_user_string {
};

struct bpf_log_ip4 {
};

enum bpf_log_kind {
	BPF_LOG_KIND_SIGNED = 1,
	BPF_LOG_KIND_UNSIGNED,
	BPF_LOG_KIND_BOOL,
	BPF_LOG_KIND_POINTER,
	BPF_LOG_KIND_TEXT,  /* a char array */
	BPF_LOG_KIND_BYTES, /* an array of unsigned char */
	BPF_LOG_KIND_KERNEL_STRING,
	BPF_LOG_KIND_USER_STRING,
	BPF_LOG_KIND_IP4,
};

#define BPF_LOG_MAGIC 0x676f6c62
#define BPF_LOG_ARGUMENTS 12

/*
 * What is known of a call. The texts behind it are the format, the arguments as they are written, and the name of the file, each with
 * a zero at its end. The loader fills the number in, from 1 on: it is 0 where another loader does not know of it.
 */
struct bpf_log_site {
	unsigned int magic;
	unsigned int size;
	unsigned int number;
	unsigned int line;
	unsigned char level;
	unsigned char count;
	unsigned char kinds[BPF_LOG_ARGUMENTS];
	unsigned short sizes[BPF_LOG_ARGUMENTS]; /* each takes as much in the record, rounded up to 8 */
	unsigned short reserved;
};

/* What an entry begins with; the values follow, each in its room. */
struct bpf_log_record {
	unsigned long long time; /* bpf_ktime_get_boot_ns() */
	unsigned int site;
	unsigned int cpu;
};

#define ___bpf_log_is_array(argument, type)                          \
	_Generic((typeof(argument) *)0, type(*)[sizeof(argument)]: 1, \
		 const type(*)[sizeof(argument)]: 1, volatile type(*)[sizeof(argument)]: 1, default: 0)

#define ___bpf_log_kind(argument)                                                                    \
	(___bpf_log_is_array(argument, char)            ? BPF_LOG_KIND_TEXT :                        \
	 ___bpf_log_is_array(argument, unsigned char) ? BPF_LOG_KIND_BYTES :                         \
		_Generic((argument), _Bool: BPF_LOG_KIND_BOOL,                                       \
			 char: BPF_LOG_KIND_SIGNED, signed char: BPF_LOG_KIND_SIGNED, short: BPF_LOG_KIND_SIGNED, \
			 int: BPF_LOG_KIND_SIGNED, long: BPF_LOG_KIND_SIGNED, long long: BPF_LOG_KIND_SIGNED, \
			 unsigned char: BPF_LOG_KIND_UNSIGNED, unsigned short: BPF_LOG_KIND_UNSIGNED, \
			 unsigned int: BPF_LOG_KIND_UNSIGNED, unsigned long: BPF_LOG_KIND_UNSIGNED,  \
			 unsigned long long: BPF_LOG_KIND_UNSIGNED,                                  \
			 char *: BPF_LOG_KIND_KERNEL_STRING, const char *: BPF_LOG_KIND_KERNEL_STRING, \
			 struct bpf_log_user_string *: BPF_LOG_KIND_USER_STRING,                     \
			 struct bpf_log_ip4 *: BPF_LOG_KIND_IP4, default: BPF_LOG_KIND_POINTER))

#define ___bpf_log_is_string(kind) ((kind) == BPF_LOG_KIND_KERNEL_STRING || (kind) == BPF_LOG_KIND_USER_STRING)
#define ___bpf_log_is_bytes(kind) ((kind) == BPF_LOG_KIND_TEXT || (kind) == BPF_LOG_KIND_BYTES)

/* How many bytes an argument has, and the room that it takes in the record. */
#define ___bpf_log_size(argument) (___bpf_log_is_string(___bpf_log_kind(argument)) ? BPF_LOG_STRING : sizeof(argument))
#define ___bpf_log_room(argument) ((___bpf_log_size(argument) + 7) & ~7UL)

/* Copies an array; what is long, by a loop, which the compiler shall not take for a memcpy() that there is none of. */
static __always_inline void ___bpf_log_copy(char *to, const char *from, unsigned long size)
{
	if (size <= 64) {
		__builtin_memcpy(to, from, size);
		return;
	}
	for (unsigned long i = 0; i < size; i++) {
		to[i] = from[i];
		barrier();
	}
}

/* Writes a value: an array's and a string's address comes as its word. A string that cannot be read is \xff, which no text begins with. */
static __always_inline void ___bpf_log_put(char *to, enum bpf_log_kind kind, unsigned long long word, unsigned long size)
{
	if (___bpf_log_is_bytes(kind)) {
		if (size & 7)
			*(unsigned long long *)(to + (size & ~7UL)) = 0;
		___bpf_log_copy(to, (const char *)word, size);
	} else if (___bpf_log_is_string(kind)) {
		long length = kind == BPF_LOG_KIND_USER_STRING ?
				      bpf_probe_read_user_str(to, BPF_LOG_STRING, (const void *)word) :
				      bpf_probe_read_kernel_str(to, BPF_LOG_STRING, (const void *)word);

		if (length < 0) {
			to[0] = (char)0xff;
			to[1] = 0;
		}
	} else {
		*(unsigned long long *)to = word;
	}
}

#define ___bpf_log_store(argument)                                                                              \
	___bpf_log_put(___at, ___bpf_log_kind(argument), (unsigned long long)(argument), sizeof(argument)); \
	___at += ___bpf_log_room(argument);

/* Each argument through a macro: EACH(a) EACH(b) */
#define ___bpf_log_each(each, ...) ___bpf_concat(___bpf_log_each, ___bpf_count(__VA_ARGS__))(each, ##__VA_ARGS__)
#define ___bpf_log_each0(each)
#define ___bpf_log_each1(each, a) each(a)
#define ___bpf_log_each2(each, a, ...) each(a) ___bpf_log_each1(each, __VA_ARGS__)
#define ___bpf_log_each3(each, a, ...) each(a) ___bpf_log_each2(each, __VA_ARGS__)
#define ___bpf_log_each4(each, a, ...) each(a) ___bpf_log_each3(each, __VA_ARGS__)
#define ___bpf_log_each5(each, a, ...) each(a) ___bpf_log_each4(each, __VA_ARGS__)
#define ___bpf_log_each6(each, a, ...) each(a) ___bpf_log_each5(each, __VA_ARGS__)
#define ___bpf_log_each7(each, a, ...) each(a) ___bpf_log_each6(each, __VA_ARGS__)
#define ___bpf_log_each8(each, a, ...) each(a) ___bpf_log_each7(each, __VA_ARGS__)
#define ___bpf_log_each9(each, a, ...) each(a) ___bpf_log_each8(each, __VA_ARGS__)
#define ___bpf_log_each10(each, a, ...) each(a) ___bpf_log_each9(each, __VA_ARGS__)
#define ___bpf_log_each11(each, a, ...) each(a) ___bpf_log_each10(each, __VA_ARGS__)
#define ___bpf_log_each12(each, a, ...) each(a) ___bpf_log_each11(each, __VA_ARGS__)

#define ___bpf_log_comma_kind(argument) ___bpf_log_kind(argument),
#define ___bpf_log_comma_size(argument) ___bpf_log_size(argument),
#define ___bpf_log_plus_room(argument) +___bpf_log_room(argument)

#define bpf_log_entry(wanted, text, ...)                                                                             \
	({                                                                                                           \
		if ((wanted) >= bpf_log_level) {                                                                     \
			static const volatile struct {                                                               \
				struct bpf_log_site site;                                                            \
				char format[sizeof(text)];                                                           \
				char arguments[sizeof(#__VA_ARGS__)];                                                \
				char file[sizeof(__FILE_NAME__)];                                                    \
			} __attribute__((aligned(8))) ___called SEC(".rodata.bpf_log") = {                           \
				.site = {                                                                            \
					.magic = BPF_LOG_MAGIC,                                                      \
					.size = sizeof(___called),                                                   \
					.line = __LINE__,                                                            \
					.level = (wanted),                                                           \
					.count = ___bpf_count(__VA_ARGS__),                                          \
					.kinds = { ___bpf_log_each(___bpf_log_comma_kind, ##__VA_ARGS__) },          \
					.sizes = { ___bpf_log_each(___bpf_log_comma_size, ##__VA_ARGS__) },          \
				},                                                                                   \
				.format = text,                                                                      \
				.arguments = #__VA_ARGS__,                                                           \
				.file = __FILE_NAME__,                                                               \
			};                                                                                           \
			struct bpf_log_record *___record = bpf_ringbuf_reserve(                                      \
				&bpf_log,                                                                            \
				sizeof(*___record) ___bpf_log_each(___bpf_log_plus_room, ##__VA_ARGS__), 0);         \
                                                                                                                     \
			if (___record) {                                                                             \
				char *___at = (char *)(___record + 1);                                               \
                                                                                                                     \
				___record->time = bpf_ktime_get_boot_ns();                                           \
				___record->site = ___called.site.number;                                             \
				___record->cpu = bpf_get_smp_processor_id();                                         \
				___bpf_log_each(___bpf_log_store, ##__VA_ARGS__)                                     \
				(void)___at;                                                                         \
				bpf_ringbuf_submit(___record, 0);                                                    \
			} else {                                                                                     \
				__sync_fetch_and_add(&bpf_log_lost, 1);                                              \
			}                                                                                            \
		}                                                                                                    \
	})

#endif
