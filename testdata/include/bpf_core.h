/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The thirteen kinds of CO-RE questions, by the compiler builtins that ask them. */
#pragma once

#include "bpf_helpers.h"

/* Every access to a member of the type is relocatable. */
#define __core __attribute__((preserve_access_index))

#define core_byte_offset(field) __builtin_preserve_field_info(field, 0)
#define core_byte_size(field) __builtin_preserve_field_info(field, 1)
#define core_field_exists(field) __builtin_preserve_field_info(field, 2)
#define core_signed(field) __builtin_preserve_field_info(field, 3)
#define core_lshift_u64(field) __builtin_preserve_field_info(field, 4)
#define core_rshift_u64(field) __builtin_preserve_field_info(field, 5)
#define core_type_id_local(type) __builtin_btf_type_id(*(__typeof__(type) *)0, 0)
#define core_type_id_kernel(type) __builtin_btf_type_id(*(__typeof__(type) *)0, 1)
#define core_type_exists(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, 0)
#define core_type_size(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, 1)
#define core_type_matches(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, 2)
#define core_enum_exists(type, value) __builtin_preserve_enum_value(*(__typeof__(type) *)value, 0)
#define core_enum_value(type, value) __builtin_preserve_enum_value(*(__typeof__(type) *)value, 1)

#define core_read(dst, src) bpf_probe_read_kernel(dst, sizeof(*(dst)), __builtin_preserve_access_index(src))

#define CORE_READ(p, a)                                          \
	({                                                       \
		__typeof__((p)->a) value_ = (__typeof__((p)->a))0; \
		core_read(&value_, &(p)->a);                     \
		value_;                                          \
	})

#define CORE_READ2(p, a, b)                           \
	({                                            \
		__typeof__((p)->a) next_ = CORE_READ(p, a); \
		CORE_READ(next_, b);                  \
	})

#define CORE_READ3(p, a, b, c)                        \
	({                                            \
		__typeof__((p)->a) first_ = CORE_READ(p, a); \
		CORE_READ2(first_, b, c);             \
	})

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CORE_BITFIELD_DST(value, size) (void *)(value)
#else
#define CORE_BITFIELD_DST(value, size) ((void *)(value) + (8 - (size)))
#endif

/* A bit-field of kernel memory that only a probe read may touch. */
#define CORE_READ_BITFIELD_PROBED(p, field)                                                                \
	({                                                                                                 \
		u64 bits_ = 0;                                                                             \
		u32 size_ = core_byte_size((p)->field);                                                    \
		bpf_probe_read_kernel(CORE_BITFIELD_DST(&bits_, size_), size_,                             \
				      (const void *)(p) + core_byte_offset((p)->field));                   \
		bits_ <<= core_lshift_u64((p)->field);                                                     \
		core_signed((p)->field) ? (u64)((s64)bits_ >> core_rshift_u64((p)->field))                 \
					: bits_ >> core_rshift_u64((p)->field);                            \
	})

/* A bit-field of memory that the program may read directly. */
#define CORE_READ_BITFIELD(p, field)                                                       \
	({                                                                                 \
		const void *at_ = (const void *)(p) + core_byte_offset((p)->field);        \
		u64 bits_ = 0;                                                             \
		__asm__ volatile("" : "+r"(at_));                                          \
		switch (core_byte_size((p)->field)) {                                      \
		case 1: bits_ = *(const u8 *)at_; break;                                   \
		case 2: bits_ = *(const u16 *)at_; break;                                  \
		case 4: bits_ = *(const u32 *)at_; break;                                  \
		case 8: bits_ = *(const u64 *)at_; break;                                  \
		}                                                                          \
		bits_ <<= core_lshift_u64((p)->field);                                     \
		core_signed((p)->field) ? (u64)((s64)bits_ >> core_rshift_u64((p)->field)) \
					: bits_ >> core_rshift_u64((p)->field);            \
	})
