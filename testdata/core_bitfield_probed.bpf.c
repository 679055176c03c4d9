// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Bit-fields in kernel memory, read by a helper.
#include "sample.h"

SAMPLE_MEMORY;
u64 results[16];

SEC("syscall")
int read(void *ctx)
{
	struct sample_bits *bits = SAMPLE(struct sample_bits);

	results[0] = CORE_READ_BITFIELD_PROBED(bits, one);
	results[1] = CORE_READ_BITFIELD_PROBED(bits, three);
	results[2] = CORE_READ_BITFIELD_PROBED(bits, four);
	results[3] = CORE_READ_BITFIELD_PROBED(bits, negative);
	results[4] = CORE_READ_BITFIELD_PROBED(bits, crossing);
	results[5] = CORE_READ_BITFIELD_PROBED(bits, long_bits);
	results[6] = CORE_READ_BITFIELD_PROBED(bits, long_negative);
	return 0;
}

LICENSE;
