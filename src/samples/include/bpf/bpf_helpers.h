/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Sections, map definitions, and the kernel's helper functions as far as the samples call them. The names are libbpf's. */
#pragma once

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __weak __attribute__((weak))
#define __hidden __attribute__((visibility("hidden")))

/* The members of a map's definition: numbers are lengths of arrays, types are targets of pointers. They exist in BTF only. */
#define __uint(name, value) int (*name)[value]
#define __type(name, type) typeof(type) *name

/*
 * Says of what type the records of a ring or perf buffer are, by a constant pointer that is called MAP_event and never read:
 * so the type is in the object's BTF, and the skeleton gets a struct for it.
 */
#define __event(map, type) const type *const map##_event __attribute__((unused)) = (void *)0

enum libbpf_pin_type {
	LIBBPF_PIN_NONE,
	LIBBPF_PIN_BY_NAME,
};

/* A helper's address is its number, by which the verifier knows it. */
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static u64 (*const bpf_get_current_uid_gid)(void) = (void *)15;
static long (*const bpf_get_current_comm)(void *buffer, u32 size) = (void *)16;
static long (*const bpf_get_stackid)(void *ctx, void *map, u64 flags) = (void *)27;
static void *(*const bpf_get_current_task)(void) = (void *)35;
static u64 (*const bpf_skb_cgroup_id)(struct __sk_buff *skb) = (void *)79;
static long (*const bpf_probe_read_user)(void *to, u32 size, const void *from) = (void *)112;
static long (*const bpf_probe_read_kernel)(void *to, u32 size, const void *from) = (void *)113;
static long (*const bpf_probe_read_user_str)(void *to, u32 size, const void *from) = (void *)114;
static long (*const bpf_probe_read_kernel_str)(void *to, u32 size, const void *from) = (void *)115;
static void *(*const bpf_ringbuf_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *record, u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *record, u64 flags) = (void *)133;
static void *(*const bpf_inode_storage_get)(void *map, void *inode, void *value, u64 flags) = (void *)145;
static u64 (*const bpf_get_attach_cookie)(void *ctx) = (void *)174;
