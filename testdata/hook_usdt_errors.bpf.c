// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// USDT: the test gives the target. What reading each argument gives beside its value, and where the loader says that it is.
#include "bpf_helpers.h"
#include "usdt.h"

u64 hits;
long arguments[USDT_MAX_ARGUMENTS];
s32 errors[USDT_MAX_ARGUMENTS];
u8 kinds[USDT_MAX_ARGUMENTS];
s64 count;

SEC("usdt")
int usdt_handle(struct pt_regs *ctx)
{
	struct usdt_spec *spec = usdt_spec(ctx);
	long value;

	if (!spec)
		return 0;
	__sync_fetch_and_add(&hits, 1);
	count = spec->count;
	for (u32 i = 0; i < USDT_MAX_ARGUMENTS; i++) {
		errors[i] = usdt_read(ctx, i, &value);
		arguments[i] = value;
		kinds[i] = spec->arguments[i].kind;
	}
	return 0;
}

LICENSE;
