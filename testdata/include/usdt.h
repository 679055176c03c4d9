/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The program's side of USDT: the loader describes in a map where the arguments of each probe are. */
#pragma once

#include "bpf_tracing.h"

#define USDT_MAX_ARGUMENTS 12

enum usdt_argument_kind {
	USDT_CONSTANT,
	USDT_REGISTER,
	USDT_MEMORY,
	USDT_INDEXED_MEMORY,
};

struct usdt_argument {
	u64 value;
	u8 kind;
	u8 padding;
	u16 index_and_scale;
	u16 reserved;
	s16 reg;
	u8 is_signed;
	s8 shift;
};

struct usdt_spec {
	struct usdt_argument arguments[USDT_MAX_ARGUMENTS];
	u64 cookie;
	s16 count;
};

struct {
	__uint(type, ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, struct usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
	__uint(type, HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

static u64 (*const bpf_get_attach_cookie)(void *ctx) = (void *)174;

extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

/* Kernels before 5.15 tell no cookie: there the address of the probe says which description is its. */
static __always_inline struct usdt_spec *usdt_spec(struct pt_regs *ctx)
{
	u64 address = PT_REGS_IP(ctx);
	u32 id, *found;

	if (LINUX_HAS_BPF_COOKIE) {
		id = bpf_get_attach_cookie(ctx);
	} else {
		found = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &address);
		if (!found)
			return NULL;
		id = *found;
	}
	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* The value of an argument; 0 and nothing else when there is none. */
static __noinline int usdt_read(struct pt_regs *ctx, u64 number, long *result)
{
	struct usdt_spec *spec = usdt_spec(ctx);
	struct usdt_argument *argument;
	u64 value, index;

	*result = 0;
	if (!spec || number >= USDT_MAX_ARGUMENTS || (s64)number >= spec->count)
		return -2;
	argument = &spec->arguments[number];
	value = argument->value;
	if (argument->kind != USDT_CONSTANT) {
		bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + argument->reg);
		if (argument->kind == USDT_INDEXED_MEMORY) {
			bpf_probe_read_kernel(&index, sizeof(index), (void *)ctx + (argument->index_and_scale & 0xfff));
			value += index << (argument->index_and_scale >> 12);
		}
		if (argument->kind != USDT_REGISTER && bpf_probe_read_user(&value, sizeof(value), (void *)(value + argument->value)))
			return -14;
	}
	value <<= argument->shift;
	*result = argument->is_signed ? (s64)value >> argument->shift : value >> argument->shift;
	return 0;
}
