// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14
// An exception callback, which nobody calls but the kernel: Linux 6.7.
#include "bpf_helpers.h"

void bpf_throw(u64 cookie) __ksym;

__noinline int on_exception(u64 cookie)
{
	return cookie + 1;
}

__noinline static int check(u64 length)
{
	if (length > 1000000)
		bpf_throw(length);
	return 0;
}

SEC("tc")
__decl_tag("exception_callback:on_exception")
int throwing(struct __sk_buff *skb)
{
	return check(skb->len);
}

LICENSE;
