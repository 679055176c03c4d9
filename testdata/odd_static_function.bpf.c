// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A static function beside the program that calls it, outside .text: libbpf refuses it, we load it.
#include "bpf_helpers.h"

u64 calls;

__attribute__((section("tracepoint/sched/sched_process_exec"))) static __noinline int helper(int value)
{
	calls += value;
	return value + 1;
}

SEC("tracepoint/sched/sched_process_exec")
int entry(void *ctx)
{
	return helper(1) + helper(2);
}

LICENSE;
