// SPDX-License-Identifier: MIT OR GPL-2.0-only
// `bpf prog profile`: the counters of a CPU, read where a program begins and where it ends.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAX_METRICS 8

/* Of enum bpf_map_type. */
enum {
	MAP_TYPE_PERF_EVENT_ARRAY = 4,
	MAP_TYPE_PERCPU_ARRAY = 6,
};

/* struct bpf_perf_event_value */
struct reading {
	u64 counter;
	u64 enabled;
	u64 running;
};

struct readings {
	struct reading of[MAX_METRICS];
	u32 valid; /* since the program began on this CPU */
	u32 unused;
};

/* An event for each metric and CPU: those of a metric stand together. */
struct {
	__uint(type, MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events SEC(".maps");

struct {
	__uint(type, MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct readings);
} begun SEC(".maps");

struct {
	__uint(type, MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct readings);
} sums SEC(".maps");

struct {
	__uint(type, MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} runs SEC(".maps");

const volatile u32 metrics = 1;
const volatile u32 cpus = 1;

SEC("fentry/XXX")
int begin(void *ctx)
{
	u32 zero = 0, cpu = bpf_get_smp_processor_id(), i;
	struct readings *all = bpf_map_lookup_elem(&begun, &zero);

	if (!all)
		return 0;
	all->valid = 0;
#pragma clang loop unroll(full)
	for (i = 0; i < MAX_METRICS && i < metrics; i++) {
		if (bpf_perf_event_read_value(&events, i * cpus + cpu, (void *)&all->of[i], sizeof(all->of[i])))
			return 0;
	}
	all->valid = 1;
	return 0;
}

SEC("fexit/XXX")
int end(void *ctx)
{
	struct reading now[MAX_METRICS] = {};
	u32 zero = 0, cpu = bpf_get_smp_processor_id(), i;
	struct readings *before, *all;
	u64 *count;

	/* First of all, lest what is done here is counted. */
#pragma clang loop unroll(full)
	for (i = 0; i < MAX_METRICS && i < metrics; i++) {
		if (bpf_perf_event_read_value(&events, i * cpus + cpu, (void *)&now[i], sizeof(now[i])))
			return 0;
	}
	before = bpf_map_lookup_elem(&begun, &zero);
	all = bpf_map_lookup_elem(&sums, &zero);
	count = bpf_map_lookup_elem(&runs, &zero);
	if (!before || !all || !count || !before->valid)
		return 0;
	before->valid = 0;
	*count += 1;
#pragma clang loop unroll(full)
	for (i = 0; i < MAX_METRICS && i < metrics; i++) {
		all->of[i].counter += now[i].counter - before->of[i].counter;
		all->of[i].enabled += now[i].enabled - before->of[i].enabled;
		all->of[i].running += now[i].running - before->of[i].running;
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
