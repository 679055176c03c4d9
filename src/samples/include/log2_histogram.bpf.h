/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Histograms whose slots double: slot n counts from 2^n up to 2^(n+1) - 1, slot 0 also the zeros, and the last all above. */
#pragma once

#define HISTOGRAM_SLOTS 32

static __always_inline u32 log2_slot(u64 value)
{
	u32 slot = 0;

	/* Five halvings instead of a loop, which verifiers before Linux 5.3 do not take. */
	if (value >> 32)
		return HISTOGRAM_SLOTS - 1;
	if (value >> 16) { value >>= 16; slot += 16; }
	if (value >> 8) { value >>= 8; slot += 8; }
	if (value >> 4) { value >>= 4; slot += 4; }
	if (value >> 2) { value >>= 2; slot += 2; }
	return slot + (value >> 1);
}
