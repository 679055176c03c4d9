/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Reading the kernel's structs wherever their members are in the kernel that runs (CO-RE), and questions about its types,
 * which the loader answers. The names are libbpf's.
 */
#ifndef __BPF_CORE_READ_H__
#define __BPF_CORE_READ_H__

#include "bpf_helpers.h"

/* What is asked of a member, a type, a type's id, and an enum's constant: the numbers are clang's. */
enum bpf_field_info_kind {
	BPF_FIELD_BYTE_OFFSET,
	BPF_FIELD_BYTE_SIZE,
	BPF_FIELD_EXISTS,
	BPF_FIELD_SIGNED,
	BPF_FIELD_LSHIFT_U64, /* how far left and right again takes a bit field out of the 64 bits that hold it */
	BPF_FIELD_RSHIFT_U64,
};

enum bpf_type_id_kind {
	BPF_TYPE_ID_LOCAL,
	BPF_TYPE_ID_TARGET,
};

enum bpf_type_info_kind {
	BPF_TYPE_EXISTS,
	BPF_TYPE_SIZE,
	BPF_TYPE_MATCHES,
};

enum bpf_enum_value_kind {
	BPF_ENUMVAL_EXISTS,
	BPF_ENUMVAL_VALUE,
};

/* Of a member: bpf_core_field_exists(task->mm), or by its type, bpf_core_field_exists(struct task_struct, mm). */
#define bpf_core_field_exists(...) __builtin_preserve_field_info(___core_field(__VA_ARGS__), BPF_FIELD_EXISTS)
#define bpf_core_field_size(...) __builtin_preserve_field_info(___core_field(__VA_ARGS__), BPF_FIELD_BYTE_SIZE)
#define bpf_core_field_offset(...) __builtin_preserve_field_info(___core_field(__VA_ARGS__), BPF_FIELD_BYTE_OFFSET)
#define ___core_field(...) ___bpf_concat(___core_field, ___bpf_count(__VA_ARGS__))(__VA_ARGS__)
#define ___core_field1(field) field
#define ___core_field2(type, field) ((typeof(type) *)0)->field

/* Of a type. Its id in the object, and in the kernel that runs; 0 where the kernel has no such type. */
#define bpf_core_type_id_local(type) __builtin_btf_type_id(*(typeof(type) *)0, BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(*(typeof(type) *)0, BPF_TYPE_ID_TARGET)
#define bpf_core_type_exists(type) __builtin_preserve_type_info(*(typeof(type) *)0, BPF_TYPE_EXISTS)
#define bpf_core_type_matches(type) __builtin_preserve_type_info(*(typeof(type) *)0, BPF_TYPE_MATCHES)
#define bpf_core_type_size(type) __builtin_preserve_type_info(*(typeof(type) *)0, BPF_TYPE_SIZE)

/* Of a constant of an enum. */
#define bpf_core_enum_value_exists(type, constant) __builtin_preserve_enum_value(*(typeof(type) *)constant, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(type, constant) __builtin_preserve_enum_value(*(typeof(type) *)constant, BPF_ENUMVAL_VALUE)

/* A pointer as one to another type of the kernel, which the program may read through and not write (Linux 6.2). */
extern void *bpf_rdonly_cast(const void *obj, unsigned int btf_id) __ksym __weak;
#define bpf_core_cast(pointer, type) ((typeof(type) *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(type)))

/* One read, of a member whose address is written as &pointer->member. */
#define ___core_address(from) ((const void *)__builtin_preserve_access_index(from))
#define bpf_core_read(to, size, from) bpf_probe_read_kernel(to, size, ___core_address(from))
#define bpf_core_read_user(to, size, from) bpf_probe_read_user(to, size, ___core_address(from))
#define bpf_core_read_str(to, size, from) bpf_probe_read_kernel_str(to, size, ___core_address(from))
#define bpf_core_read_user_str(to, size, from) bpf_probe_read_user_str(to, size, ___core_address(from))

/*
 * Many reads, from pointer to pointer: BPF_CORE_READ(task, real_parent, tgid) is what task->real_parent->tgid would be. Those
 * of _INTO write to an address, as many bytes as there are, and give the error of the last read; _USER reads the memory of the
 * process, whose types must be the kernel's. BPF_PROBE_ ones do the same with the members at the places of the object.
 */
#define BPF_CORE_READ_INTO(to, from, ...) ___core_walk(bpf_core_read, bpf_core_read, to, from, __VA_ARGS__)
#define BPF_CORE_READ_USER_INTO(to, from, ...) ___core_walk(bpf_core_read_user, bpf_core_read_user, to, from, __VA_ARGS__)
#define BPF_CORE_READ_STR_INTO(to, from, ...) ___core_walk(bpf_core_read, bpf_core_read_str, to, from, __VA_ARGS__)
#define BPF_CORE_READ_USER_STR_INTO(to, from, ...) ___core_walk(bpf_core_read_user, bpf_core_read_user_str, to, from, __VA_ARGS__)
#define BPF_PROBE_READ_INTO(to, from, ...) ___core_walk(bpf_probe_read_kernel, bpf_probe_read_kernel, to, from, __VA_ARGS__)
#define BPF_PROBE_READ_USER_INTO(to, from, ...) ___core_walk(bpf_probe_read_user, bpf_probe_read_user, to, from, __VA_ARGS__)
#define BPF_PROBE_READ_STR_INTO(to, from, ...) ___core_walk(bpf_probe_read_kernel, bpf_probe_read_kernel_str, to, from, __VA_ARGS__)
#define BPF_PROBE_READ_USER_STR_INTO(to, from, ...) ___core_walk(bpf_probe_read_user, bpf_probe_read_user_str, to, from, __VA_ARGS__)

#define BPF_CORE_READ(from, ...) ___core_value(BPF_CORE_READ_INTO, from, __VA_ARGS__)
#define BPF_CORE_READ_USER(from, ...) ___core_value(BPF_CORE_READ_USER_INTO, from, __VA_ARGS__)
#define BPF_PROBE_READ(from, ...) ___core_value(BPF_PROBE_READ_INTO, from, __VA_ARGS__)
#define BPF_PROBE_READ_USER(from, ...) ___core_value(BPF_PROBE_READ_USER_INTO, from, __VA_ARGS__)

#define ___core_value(into, from, ...)                             \
	({                                                         \
		typeof(___core_member(from, __VA_ARGS__)) ___read; \
		into(&___read, from, __VA_ARGS__);                 \
		___read;                                           \
	})

/* ___core_member(from, a, b): from->a->b */
#define ___core_member(from, ...) ___bpf_concat(___core_member, ___bpf_count(__VA_ARGS__))(from, __VA_ARGS__)
#define ___core_member1(from, a) (from)->a
#define ___core_member2(from, a, ...) ___core_member1((from)->a, __VA_ARGS__)
#define ___core_member3(from, a, ...) ___core_member2((from)->a, __VA_ARGS__)
#define ___core_member4(from, a, ...) ___core_member3((from)->a, __VA_ARGS__)
#define ___core_member5(from, a, ...) ___core_member4((from)->a, __VA_ARGS__)
#define ___core_member6(from, a, ...) ___core_member5((from)->a, __VA_ARGS__)
#define ___core_member7(from, a, ...) ___core_member6((from)->a, __VA_ARGS__)
#define ___core_member8(from, a, ...) ___core_member7((from)->a, __VA_ARGS__)
#define ___core_member9(from, a, ...) ___core_member8((from)->a, __VA_ARGS__)

/* Reads one pointer after the other into the same place, which has each time another type, and from the last what is wanted. */
#define ___core_walk(read, last, to, from, ...)                                                              \
	({                                                                                                   \
		const void *___at __attribute__((unused));                                                   \
		___bpf_concat(___core_walk, ___bpf_count(__VA_ARGS__))(read, last, to, from, __VA_ARGS__);   \
	})
#define ___core_next(read, from, a) read((void *)&___at, sizeof(___at), &(from)->a)
#define ___core_there(from, a) ((typeof((from)->a))___at)
#define ___core_walk1(read, last, to, from, a) last((void *)(to), sizeof(*(to)), &(from)->a)
#define ___core_walk2(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk1(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk3(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk2(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk4(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk3(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk5(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk4(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk6(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk5(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk7(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk6(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk8(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk7(read, last, to, ___core_there(from, a), __VA_ARGS__)
#define ___core_walk9(read, last, to, from, a, ...) \
	___core_next(read, from, a);                    \
	___core_walk8(read, last, to, ___core_there(from, a), __VA_ARGS__)

/*
 * Bit fields, which have no address. The bytes that hold one are read, by a helper where the pointer is any (PROBED) or
 * directly where the verifier knows it, and it is shifted out of them.
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___core_bits_at(bits, size) (&(bits))
#else
#define ___core_bits_at(bits, size) ((char *)&(bits) + (8 - (size)))
#endif

#define ___core_about(from, field, what) __builtin_preserve_field_info((from)->field, BPF_FIELD_##what)

#define ___core_bits_value(from, field, bits)                                                        \
	({                                                                                           \
		(bits) <<= ___core_about(from, field, LSHIFT_U64);                                   \
		___core_about(from, field, SIGNED) ?                                                 \
			(unsigned long long)((long long)(bits) >> ___core_about(from, field, RSHIFT_U64)) : \
			(bits) >> ___core_about(from, field, RSHIFT_U64);                            \
	})

#define BPF_CORE_READ_BITFIELD_PROBED(from, field)                                                       \
	({                                                                                               \
		unsigned long long ___bits = 0;                                                          \
		bpf_probe_read_kernel((void *)___core_bits_at(___bits, ___core_about(from, field, BYTE_SIZE)), \
				      ___core_about(from, field, BYTE_SIZE),                             \
				      (const void *)(from) + ___core_about(from, field, BYTE_OFFSET));   \
		___core_bits_value(from, field, ___bits);                                                \
	})

/* The address is hidden from the compiler, which would else make one load of four, of a size that is not the kernel's. */
#define BPF_CORE_READ_BITFIELD(from, field)                                                              \
	({                                                                                               \
		const void *___at = (const void *)(from) + ___core_about(from, field, BYTE_OFFSET);      \
		unsigned long long ___bits = 0;                                                          \
		barrier_var(___at);                                                                      \
		switch (___core_about(from, field, BYTE_SIZE)) {                                         \
		case 1: ___bits = *(const unsigned char *)___at; break;                                  \
		case 2: ___bits = *(const unsigned short *)___at; break;                                 \
		case 4: ___bits = *(const unsigned int *)___at; break;                                   \
		case 8: ___bits = *(const unsigned long long *)___at; break;                             \
		}                                                                                        \
		___core_bits_value(from, field, ___bits);                                                \
	})

#define BPF_CORE_WRITE_BITFIELD(to, field, value)                                                        \
	({                                                                                               \
		void *___at = (void *)(to) + ___core_about(to, field, BYTE_OFFSET);                      \
		unsigned int ___right = ___core_about(to, field, RSHIFT_U64);                            \
		unsigned int ___up = ___right - ___core_about(to, field, LSHIFT_U64);                    \
		unsigned long long ___mask = (~0ULL >> ___right) << ___up;                               \
		unsigned long long ___new = ((unsigned long long)(value) << ___up) & ___mask;            \
		barrier_var(___at);                                                                      \
		switch (___core_about(to, field, BYTE_SIZE)) {                                           \
		case 1: *(unsigned char *)___at = (*(unsigned char *)___at & ~___mask) | ___new; break;  \
		case 2: *(unsigned short *)___at = (*(unsigned short *)___at & ~___mask) | ___new; break; \
		case 4: *(unsigned int *)___at = (*(unsigned int *)___at & ~___mask) | ___new; break;    \
		case 8: *(unsigned long long *)___at = (*(unsigned long long *)___at & ~___mask) | ___new; break; \
		}                                                                                        \
	})

#endif
