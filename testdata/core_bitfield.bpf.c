// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Bit-fields in memory that can be read directly: signed and unsigned, and written.
#include "sample.h"

#define CORE_WRITE_BITFIELD(p, field, value)                                                   \
	({                                                                                     \
		void *at_ = (void *)(p) + core_byte_offset((p)->field);                        \
		u32 right_ = core_rshift_u64((p)->field), left_ = core_lshift_u64((p)->field); \
		u64 mask_ = (~0ULL >> right_) << (right_ - left_), bits_ = 0;                   \
		__asm__ volatile("" : "+r"(at_));                                              \
		switch (core_byte_size((p)->field)) {                                          \
		case 1: bits_ = *(u8 *)at_; break;                                             \
		case 2: bits_ = *(u16 *)at_; break;                                            \
		case 4: bits_ = *(u32 *)at_; break;                                            \
		case 8: bits_ = *(u64 *)at_; break;                                            \
		}                                                                              \
		bits_ = (bits_ & ~mask_) | (((u64)(value) << (right_ - left_)) & mask_);       \
		switch (core_byte_size((p)->field)) {                                          \
		case 1: *(u8 *)at_ = bits_; break;                                             \
		case 2: *(u16 *)at_ = bits_; break;                                            \
		case 4: *(u32 *)at_ = bits_; break;                                            \
		case 8: *(u64 *)at_ = bits_; break;                                            \
		}                                                                              \
	})

SAMPLE_MEMORY;
u64 results[16];

SEC("syscall")
int read(void *ctx)
{
	struct sample_bits *bits = SAMPLE(struct sample_bits);

	results[0] = CORE_READ_BITFIELD(bits, one);
	results[1] = CORE_READ_BITFIELD(bits, three);
	results[2] = CORE_READ_BITFIELD(bits, four);
	results[3] = CORE_READ_BITFIELD(bits, negative);
	results[4] = CORE_READ_BITFIELD(bits, crossing);
	results[5] = CORE_READ_BITFIELD(bits, long_bits);
	results[6] = CORE_READ_BITFIELD(bits, long_negative);
	results[7] = CORE_READ_BITFIELD(bits, plain);
	return 0;
}

SEC("syscall")
int write(void *ctx)
{
	struct sample_bits *bits = SAMPLE(struct sample_bits);

	CORE_WRITE_BITFIELD(bits, one, 1);
	CORE_WRITE_BITFIELD(bits, three, 5);
	CORE_WRITE_BITFIELD(bits, negative, -9);
	CORE_WRITE_BITFIELD(bits, long_bits, 0x123456789aULL);
	return 0;
}

LICENSE;
