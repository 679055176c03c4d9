/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Questions about the running kernel's types, which the loader answers. The names are libbpf's. */
#pragma once

#define bpf_core_field_exists(field) __builtin_preserve_field_info(field, 2)

#define bpf_core_read(to, size, from) bpf_probe_read_kernel(to, size, (const void *)__builtin_preserve_access_index(from))

/* A member of a struct of the kernel, or of one that it points to: BPF_CORE_READ(task, real_parent, tgid). */
#define BPF_CORE_READ(from, ...) __core_pick(__VA_ARGS__, __core_read3, __core_read2, __core_read1)(from, __VA_ARGS__)
#define __core_pick(a, b, c, read, ...) read
#define __core_read1(from, a)                                       \
	({                                                          \
		typeof((from)->a) value_;                           \
		bpf_core_read(&value_, sizeof(value_), &(from)->a); \
		value_;                                             \
	})
#define __core_read2(from, a, b)                              \
	({                                                    \
		typeof((from)->a) next_ = __core_read1(from, a); \
		__core_read1(next_, b);                       \
	})
#define __core_read3(from, a, b, c)                           \
	({                                                    \
		typeof((from)->a) first_ = __core_read1(from, a); \
		__core_read2(first_, b, c);                   \
	})
