// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A section name that says nothing about the type of its program.
#include "bpf_helpers.h"

SEC("no_such_section")
int unknown(void *ctx)
{
	return 0;
}

LICENSE;
