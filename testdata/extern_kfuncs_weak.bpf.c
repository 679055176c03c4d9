// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Kernel functions that are called only if they exist: one of Linux 6.2, one of no kernel.
#include "bpf_core.h"

extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;
extern int bpf_loader_missing_function(int value) __ksym __weak;

u64 present, absent;

SEC("tp_btf/sched_switch")
int weak(u64 *ctx)
{
	if (bpf_rcu_read_lock && bpf_rcu_read_unlock) {
		bpf_rcu_read_lock();
		bpf_rcu_read_unlock();
		present++;
	}
	if (bpf_loader_missing_function)
		absent = bpf_loader_missing_function(1);
	return 0;
}

LICENSE;
