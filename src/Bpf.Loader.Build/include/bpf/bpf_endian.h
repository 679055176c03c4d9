/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Numbers in the byte order of the network, and of the machine. The names are libbpf's. */
#ifndef __BPF_ENDIAN__
#define __BPF_ENDIAN__

/* Of constants, in their own expression, so that they may stand in an initializer and in a case. */
#define ___bpf_swapped16(x) ((unsigned short)((((x) & 0xffU) << 8) | (((x) >> 8) & 0xffU)))
#define ___bpf_swapped32(x) \
	((((x) & 0xffU) << 24) | (((x) & 0xff00U) << 8) | (((x) >> 8) & 0xff00U) | (((x) >> 24) & 0xffU))
#define ___bpf_swapped64(x) \
	(((unsigned long long)___bpf_swapped32((x) & 0xffffffffULL) << 32) | ___bpf_swapped32((unsigned long long)(x) >> 32))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___bpf_turn(bits, x) (__builtin_constant_p(x) ? ___bpf_swapped##bits(x) : __builtin_bswap##bits(x))
#define ___bpf_turn_constant(bits, x) ___bpf_swapped##bits(x)
#else
#define ___bpf_turn(bits, x) (x)
#define ___bpf_turn_constant(bits, x) (x)
#endif

#define bpf_htons(x) ___bpf_turn(16, x)
#define bpf_ntohs(x) ___bpf_turn(16, x)
#define bpf_htonl(x) ___bpf_turn(32, x)
#define bpf_ntohl(x) ___bpf_turn(32, x)
#define bpf_cpu_to_be64(x) ___bpf_turn(64, x)
#define bpf_be64_to_cpu(x) ___bpf_turn(64, x)

#define __bpf_constant_htons(x) ___bpf_turn_constant(16, x)
#define __bpf_constant_ntohs(x) ___bpf_turn_constant(16, x)
#define __bpf_constant_htonl(x) ___bpf_turn_constant(32, x)
#define __bpf_constant_ntohl(x) ___bpf_turn_constant(32, x)
#define __bpf_constant_cpu_to_be64(x) ___bpf_turn_constant(64, x)
#define __bpf_constant_be64_to_cpu(x) ___bpf_turn_constant(64, x)

#endif
