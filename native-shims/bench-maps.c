/* SPDX-License-Identifier: MIT */
/* Operations on maps, as tests/Bpf.Loader.Benchmarks/MapBenchmarks.cs has them. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define ENTRIES 100000
#define BATCH 512
#define CALLS 1000
#define READS 100000
#define SLOTS 1024

static int hash, per_cpu, array;
static unsigned int position;
static long *per_cpu_values;
static volatile long *mapped;
/* Where results go, so that the work is done. */
static volatile long sink;

/* Spread over the table, as a program's keys are. */
static int next_key(void)
{
	return (position += 7919) % ENTRIES;
}

static void lookup_hit(void *unused)
{
	long value, sum = 0;

	(void)unused;
	for (int i = 0; i < CALLS; i++) {
		int key = next_key();

		bpf_map_lookup_elem(hash, &key, &value);
		sum += value;
	}
	sink = sum;
}

static void lookup_miss(void *unused)
{
	long value;

	(void)unused;
	for (int i = 0; i < CALLS; i++) {
		int key = -1 - next_key();

		sink = bpf_map_lookup_elem(hash, &key, &value);
	}
}

static void update(void *unused)
{
	long value = 1;

	(void)unused;
	for (int i = 0; i < CALLS; i++) {
		int key = next_key();

		bpf_map_update_elem(hash, &key, &value, BPF_ANY);
	}
}

static void add_and_remove(void *unused)
{
	long value = 1;
	int key = -5;

	(void)unused;
	for (int i = 0; i < CALLS; i++) {
		bpf_map_update_elem(hash, &key, &value, BPF_NOEXIST);
		bpf_map_delete_elem(hash, &key);
	}
}

static void per_cpu_lookup(void *unused)
{
	int key = 7;

	(void)unused;
	for (int i = 0; i < CALLS; i++)
		bpf_map_lookup_elem(per_cpu, &key, per_cpu_values);
	sink = per_cpu_values[0];
}

static void mapped_read(void *unused)
{
	long sum = 0;

	(void)unused;
	for (int i = 0; i < READS; i++)
		sum += mapped[position++ & (SLOTS - 1)];
	sink = sum;
}

static void iterate_by_key(void *unused)
{
	int key, *previous = NULL, next;
	long value, sum = 0;

	(void)unused;
	while (bpf_map_get_next_key(hash, previous, &next) == 0) {
		key = next;
		previous = &key;
		if (bpf_map_lookup_elem(hash, &key, &value) == 0)
			sum += value;
	}
	sink = sum;
}

static void iterate(void *unused)
{
	static int keys[BATCH];
	static long values[BATCH];
	unsigned int token, count;
	long sum = 0;
	int error;
	bool first = true;

	(void)unused;
	do {
		count = BATCH;
		error = bpf_map_lookup_batch(hash, first ? NULL : &token, &token, keys, values, &count, NULL);
		for (unsigned int i = 0; i < count; i++)
			sum += values[i];
		first = false;
	} while (!error);
	sink = sum;
}

static void update_batch(void *unused)
{
	static int keys[BATCH];
	static long values[BATCH];
	unsigned int count = BATCH;

	(void)unused;
	for (int i = 0; i < BATCH; i++)
		keys[i] = ENTRIES + i;
	bench_check(bpf_map_update_batch(hash, keys, values, &count, NULL) == 0, "update batch");
}

static void lookup_batch(void *unused)
{
	int keys[BATCH];
	static long values[BATCH];
	unsigned int token, count = BATCH;

	(void)unused;
	bench_check(bpf_map_lookup_batch(hash, NULL, &token, keys, values, &count, NULL) == 0, "look-up batch");
	sink = count;
}

static void fill(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, mapable, .map_flags = BPF_F_MMAPABLE);
	long value;

	hash = bpf_map_create(BPF_MAP_TYPE_HASH, "bench", 4, 8, 2 * ENTRIES, NULL);
	per_cpu = bpf_map_create(BPF_MAP_TYPE_PERCPU_HASH, "bench", 4, 8, 100, NULL);
	array = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", 4, 8, SLOTS, &mapable);
	bench_check(hash >= 0 && per_cpu >= 0 && array >= 0, "maps");
	for (int i = 0; i < ENTRIES; i++) {
		value = i;
		bench_check(bpf_map_update_elem(hash, &i, &value, BPF_ANY) == 0, "fill");
	}
	per_cpu_values = calloc(libbpf_num_possible_cpus(), sizeof(*per_cpu_values));
	for (int i = 0; i < 100; i++)
		bench_check(bpf_map_update_elem(per_cpu, &i, per_cpu_values, BPF_ANY) == 0, "fill");
	mapped = mmap(NULL, SLOTS * sizeof(*mapped), PROT_READ | PROT_WRITE, MAP_SHARED, array, 0);
	bench_check(mapped != MAP_FAILED, "mmap");
}

void bench_maps(void)
{
	static const struct bench benches[] = {
		{ "map look-up hit", lookup_hit, NULL, NULL, CALLS },
		{ "map look-up miss", lookup_miss, NULL, NULL, CALLS },
		{ "map update", update, NULL, NULL, CALLS },
		{ "map add and remove", add_and_remove, NULL, NULL, CALLS },
		{ "map per-CPU look-up", per_cpu_lookup, NULL, NULL, CALLS },
		{ "map mapped read", mapped_read, NULL, NULL, READS },
		{ "map iterate 100k by key", iterate_by_key, NULL, NULL, ENTRIES },
		{ "map iterate 100k by batch", iterate, NULL, NULL, ENTRIES },
		{ "map update batch 512", update_batch, NULL, NULL, BATCH },
		{ "map look-up batch 512", lookup_batch, NULL, NULL, BATCH },
	};

	fill();
	for (size_t i = 0; i < sizeof(benches) / sizeof(*benches); i++)
		bench_measure(&benches[i]);
	close(hash);
	close(per_cpu);
	close(array);
}
