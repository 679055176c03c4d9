// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// USDT: the test gives the target. Arguments in registers, in memory and as constants, of several sizes and signs.
#include "bpf_helpers.h"
#include "usdt.h"

u64 hits, cookie;
long arguments[USDT_MAX_ARGUMENTS];
s64 count;

SEC("usdt")
int usdt_handle(struct pt_regs *ctx)
{
	struct usdt_spec *spec = usdt_spec(ctx);
	long value;

	if (!spec)
		return 0;
	__sync_fetch_and_add(&hits, 1);
	cookie = spec->cookie;
	count = spec->count;
	for (u32 i = 0; i < USDT_MAX_ARGUMENTS; i++) {
		usdt_read(ctx, i, &value);
		arguments[i] = value;
	}
	return 0;
}

SEC("?usdt")
int usdt_second(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

LICENSE;
