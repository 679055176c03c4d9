/* SPDX-License-Identifier: MIT */
/* A thousand of a thing that live together, as tests/Bpf.Loader.Benchmarks/ThousandBenchmarks.cs has them. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define MOST 1000
#define KERNEL_FUNCTION "vfs_read"
#define LIBRARY_FUNCTION "getpid"

static struct bpf_link *links[MOST];
static int count;

static void create_maps(void *unused)
{
	int maps[MOST];

	(void)unused;
	for (int i = 0; i < count; i++) {
		maps[i] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", 4, 8, 1, NULL);
		bench_check(maps[i] >= 0, "map");
	}
	for (int i = 0; i < count; i++)
		close(maps[i]);
}

static void attach_uprobes(void *program)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options, .func_name = LIBRARY_FUNCTION);

	for (int i = 0; i < count; i++) {
		links[i] = bpf_program__attach_uprobe_opts(program, -1, "libc.so.6", 0, &options);
		bench_check(links[i], "attach to " LIBRARY_FUNCTION);
	}
	for (int i = 0; i < count; i++)
		bpf_link__destroy(links[i]);
}

static void attach_kprobes(void *program)
{
	for (int i = 0; i < count; i++) {
		links[i] = bpf_program__attach_kprobe(program, false, KERNEL_FUNCTION);
		bench_check(links[i], "attach to " KERNEL_FUNCTION);
	}
	for (int i = 0; i < count; i++)
		bpf_link__destroy(links[i]);
}

/* Kernels may be built without kprobes. */
static bool has_kprobes(void)
{
	return access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0;
}

static struct bpf_program *load(const char *testdata, const char *name, struct bpf_object **object)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/bench_probes.bpf.o", testdata);
	*object = bpf_object__open(path);
	bench_check(*object && bpf_object__load(*object) == 0, path);
	return bpf_object__find_program_by_name(*object, name);
}

void bench_thousand(const char *testdata)
{
	struct bpf_object *object;
	struct bpf_program *program;

	/* The kernel waits for all its CPUs when a uprobe goes. */
	count = bench_once ? 10 : MOST;
	bench_measure(&(struct bench){ "1,000 maps", create_maps, NULL, NULL, count });
	if (bench_wanted("1,000 uprobes")) {
		program = load(testdata, "on_entry", &object);
		bench_measure(&(struct bench){ "1,000 uprobes", attach_uprobes, NULL, program, count });
		bpf_object__close(object);
	}
	if (bench_wanted("1,000 kprobes") && has_kprobes()) {
		program = load(testdata, "on_entry", &object);
		bench_measure(&(struct bench){ "1,000 kprobes", attach_kprobes, NULL, program, count });
		bpf_object__close(object);
	}
}
