// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A program that user space runs (Linux 5.14), and one for the test-run command.
#include "bpf_helpers.h"

struct arguments {
	u64 left;
	u64 right;
	u64 sum;
};

SEC("syscall")
int add(struct arguments *ctx)
{
	ctx->sum = ctx->left + ctx->right;
	return 42;
}

LICENSE;
