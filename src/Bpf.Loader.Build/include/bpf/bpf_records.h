/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What a program says of its records to those that read them: which buffer carries them, and what their members are on the wire. */
#ifndef __BPF_RECORDS__
#define __BPF_RECORDS__

#ifndef __has_attribute
#define __has_attribute(x) 0
#endif

#define ___bpf_records_join(a, b) a##b
#define ___bpf_records_concat(a, b) ___bpf_records_join(a, b)

/*
 * The type of the records of a ring or perf buffer: a constant pointer MAP_event that nobody reads says it, and keeps the type in
 * the object's BTF.
 */
#ifndef __event
#define __event(map, type) const type *const map##_event __attribute__((unused)) = (void *)0
#endif

/*
 * Keeps a type in the object's BTF that no map, variable or function has: an enum of the values of an integer, say, or a struct that
 * user space alone knows. The compiler leaves out what nothing refers to.
 */
#define __keep_type(type) \
	static const type *const ___bpf_records_concat(__kept_type_, __COUNTER__) __attribute__((used)) = (void *)0

/*
 * Behind the name of a member or typedef: an address, or a number whose bytes are in network order. __be16, __be64, struct in_addr and
 * struct in6_addr need none of them; a __be32 is taken for an IPv4 address if it is not said to be a number.
 */
#if __has_attribute(btf_decl_tag)
#define __ipv4 __attribute__((btf_decl_tag("format:ipv4")))
#define __ipv6 __attribute__((btf_decl_tag("format:ipv6")))
#define __network __attribute__((btf_decl_tag("format:network")))
#else /* clang before 14 */
#define __ipv4
#define __ipv6
#define __network
#endif

#endif
