/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The arguments of USDT probes. A probe's note in its binary says where each argument is, in a register, in memory or as
 * a constant; the loader writes that into a map, and programs read it from there. The names are libbpf's.
 */
#pragma once

#define BPF_USDT_MAX_ARG_CNT 12

enum __bpf_usdt_arg_type {
	BPF_USDT_ARG_CONST,
	BPF_USDT_ARG_REG,
	BPF_USDT_ARG_REG_DEREF,
	BPF_USDT_ARG_SIB, /* memory at a register plus a scaled one */
};

struct __bpf_usdt_arg_spec {
	u64 val_off;
	u8 arg_type;
	u8 padding;
	u16 index_and_scale;
	u16 reserved;
	s16 reg_off;
	bool arg_signed;
	s8 arg_bitshift;
};

struct __bpf_usdt_spec {
	struct __bpf_usdt_arg_spec args[BPF_USDT_MAX_ARG_CNT];
	u64 usdt_cookie;
	s16 arg_cnt;
};

/* A probe's cookie says which of them is its own (Linux 5.15). The map by address is for older kernels, and not used here. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

static __always_inline struct __bpf_usdt_spec *__bpf_usdt_spec(struct pt_regs *ctx)
{
	u32 id = bpf_get_attach_cookie(ctx);

	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* How many arguments the probe has; negative without a description. */
static __always_inline int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);

	return spec ? spec->arg_cnt : -3;
}

/* The value of an argument; negative, and the value 0, when there is none. */
static __noinline int bpf_usdt_arg(struct pt_regs *ctx, u64 number, long *result)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec(ctx);
	struct __bpf_usdt_arg_spec *argument;
	u64 value, index;

	*result = 0;
	if (!spec || number >= BPF_USDT_MAX_ARG_CNT || (s64)number >= spec->arg_cnt)
		return -2;
	argument = &spec->args[number];
	value = argument->val_off;
	if (argument->arg_type != BPF_USDT_ARG_CONST) {
		bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + argument->reg_off);
		if (argument->arg_type == BPF_USDT_ARG_SIB) {
			bpf_probe_read_kernel(&index, sizeof(index), (void *)ctx + (argument->index_and_scale & 0xfff));
			value += index << (argument->index_and_scale >> 12);
		}
		if (argument->arg_type != BPF_USDT_ARG_REG &&
		    bpf_probe_read_user(&value, sizeof(value), (void *)(value + argument->val_off)))
			return -14;
	}
	value <<= argument->arg_bitshift;
	*result = argument->arg_signed ? (s64)value >> argument->arg_bitshift : value >> argument->arg_bitshift;
	return 0;
}
