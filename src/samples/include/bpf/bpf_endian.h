/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Numbers in the byte order of the network. The names are libbpf's. */
#pragma once

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(number) __builtin_bswap16(number)
#define bpf_ntohs(number) __builtin_bswap16(number)
#else
#define bpf_htons(number) (number)
#define bpf_ntohs(number) (number)
#endif
