/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The arguments of USDT probes. A probe's note in its binary says where each argument is, in a register, in memory or as
 * a constant; the loader writes that into a map, and programs read it from there. The names are libbpf's.
 */
#ifndef __USDT_BPF_H__
#define __USDT_BPF_H__

#include "bpf_helpers.h"
#include "bpf_tracing.h"
#include "bpf_core_read.h"

/* How many places of probes there can be whose arguments are in different places, and how many places in all. */
#ifndef BPF_USDT_MAX_SPEC_CNT
#define BPF_USDT_MAX_SPEC_CNT 256
#endif
#ifndef BPF_USDT_MAX_IP_CNT
#define BPF_USDT_MAX_IP_CNT (4 * BPF_USDT_MAX_SPEC_CNT)
#endif

#define BPF_USDT_MAX_ARG_CNT 12

enum __bpf_usdt_arg_type {
	BPF_USDT_ARG_CONST,
	BPF_USDT_ARG_REG,
	BPF_USDT_ARG_REG_DEREF, /* memory at a register and an offset */
	BPF_USDT_ARG_SIB, /* the same plus a scaled register */
	/* all others: where the loader cannot tell programs to look */
};

/* What the loader writes: its layout is the contract. */
struct __bpf_usdt_arg_spec {
	unsigned long long val_off;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	unsigned short reserved;
	unsigned short index_and_scale; /* 12 bits of offset, 4 of shift: the lowest */
	unsigned char arg_type;
	unsigned char padding;
#define ___bpf_usdt_index(argument) ((argument)->index_and_scale >> 4)
#define ___bpf_usdt_scale(argument) ((argument)->index_and_scale & 0xf)
#else
	unsigned char arg_type;
	unsigned char padding;
	unsigned short index_and_scale; /* 12 bits of offset, 4 of shift: the highest */
	unsigned short reserved;
#define ___bpf_usdt_index(argument) ((argument)->index_and_scale & 0xfff)
#define ___bpf_usdt_scale(argument) ((argument)->index_and_scale >> 12)
#endif
	short reg_off;
	_Bool arg_signed;
	signed char arg_bitshift;
};

struct __bpf_usdt_spec {
	struct __bpf_usdt_arg_spec args[BPF_USDT_MAX_ARG_CNT];
	unsigned long long usdt_cookie;
	short arg_cnt;
};

struct {
	__uint(type, 2); /* BPF_MAP_TYPE_ARRAY */
	__uint(max_entries, BPF_USDT_MAX_SPEC_CNT);
	__type(key, int);
	__type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
	__uint(type, 1); /* BPF_MAP_TYPE_HASH */
	__uint(max_entries, BPF_USDT_MAX_IP_CNT);
	__type(key, long);
	__type(value, unsigned int);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

/* The probe's cookie says which description is its own, since Linux 5.15; before, its address does. */
#ifndef BPF_USDT_HAS_BPF_COOKIE
enum bpf_func_id___usdt {
	BPF_FUNC_get_attach_cookie___usdt = 0xbad, /* the loader finds the value, or that there is none */
};
#define BPF_USDT_HAS_BPF_COOKIE bpf_core_enum_value_exists(enum bpf_func_id___usdt, BPF_FUNC_get_attach_cookie___usdt)
#endif

static __always_inline struct __bpf_usdt_spec *__bpf_usdt_spec(struct pt_regs *ctx)
{
	int id;

	if (BPF_USDT_HAS_BPF_COOKIE) {
		id = bpf_get_attach_cookie(ctx);
	} else {
		long ip = PT_REGS_IP(ctx);
		int *found = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);

		if (!found)
			return NULL;
		id = *found;
	}
	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* How many arguments the probe has; -ESRCH without a description. */
__weak __hidden int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	return spec ? spec->arg_cnt : -3;
}

/* The size of an argument in bytes; -ENOENT when there is none of that number. */
__weak __hidden int bpf_usdt_arg_size(struct pt_regs *ctx, unsigned long long number)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	if (!spec)
		return -3;
	if (number >= BPF_USDT_MAX_ARG_CNT)
		return -2;
	barrier_var(number);
	if ((long long)number >= spec->arg_cnt)
		return -2;
	return 8 - (spec->args[number].arg_bitshift >> 3);
}

/* The value of an argument; negative, and the value 0, when there is none or it cannot be read. */
__weak __hidden int bpf_usdt_arg(struct pt_regs *ctx, unsigned long long number, long *result)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);
	struct __bpf_usdt_arg_spec *argument;
	unsigned long value, index;
	int error;

	*result = 0;
	if (!spec)
		return -3;
	if (number >= BPF_USDT_MAX_ARG_CNT)
		return -2;
	barrier_var(number);
	if ((long long)number >= spec->arg_cnt)
		return -2;
	argument = &spec->args[number];
	if (argument->arg_type > BPF_USDT_ARG_SIB)
		return -22;
	value = argument->val_off;
	if (argument->arg_type != BPF_USDT_ARG_CONST) {
		error = bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + argument->reg_off);
		if (error)
			return error;
		if (argument->arg_type == BPF_USDT_ARG_SIB) {
			error = bpf_probe_read_kernel(&index, sizeof(index), (void *)ctx + ___bpf_usdt_index(argument));
			if (error)
				return error;
			value += index << ___bpf_usdt_scale(argument);
		}
		if (argument->arg_type != BPF_USDT_ARG_REG) {
			error = bpf_probe_read_user(&value, sizeof(value), (void *)value + argument->val_off);
			if (error)
				return error;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
			value >>= argument->arg_bitshift; /* what is smaller than a word was read into its high bytes */
#endif
		}
	}
	value <<= argument->arg_bitshift;
	*result = argument->arg_signed ? (long)value >> argument->arg_bitshift : value >> argument->arg_bitshift;
	return 0;
}

/* The number that was given when the probe was attached. */
__weak __hidden long bpf_usdt_cookie(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	return spec ? spec->usdt_cookie : 0;
}

/* BPF_USDT(name, type argument...) { body }: a program that gets a probe's arguments. */
#define BPF_USDT(name, ...) \
	___bpf_program(name, struct pt_regs *ctx, ___bpf_given(usdt, ##__VA_ARGS__), ##__VA_ARGS__)
#define ___bpf_given_usdt(n)                      \
	({                                        \
		long ___value;                    \
		bpf_usdt_arg(ctx, n, &___value);  \
		___value;                         \
	})

#endif
