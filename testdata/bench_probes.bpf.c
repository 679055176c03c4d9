// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// A probe that does nothing, for what it costs to attach it.
#include "bpf_helpers.h"

SEC("kprobe")
int on_entry(void *ctx)
{
	return 0;
}

LICENSE;
