/* SPDX-License-Identifier: MIT */
/* Linking of objects into one, and merging of equal types, as tests/Bpf.Loader.Benchmarks/LinkBenchmarks.cs does. */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define MANY 100

static char *paths[MANY];
static int count;
static char output[] = "/tmp/bench-linker-XXXXXX";

/* Whether all of them go into one object. */
static bool link_all(void)
{
	struct bpf_linker *linker = bpf_linker__new(output, NULL);
	bool links = linker;

	for (int i = 0; links && i < count; i++)
		links = bpf_linker__add_file(linker, paths[i], NULL) == 0;
	links = links && bpf_linker__finalize(linker) == 0;
	bpf_linker__free(linker);
	return links;
}

static void link_objects(void *unused)
{
	(void)unused;
	bench_check(link_all(), "link");
}

static void make_output(void)
{
	int file = mkstemp(output);

	bench_check(file >= 0, output);
	close(file);
}

void bench_list_linkable(const char *testdata)
{
	char pattern[4096];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.bpf.o", testdata);
	bench_check(glob(pattern, 0, NULL, &found) == 0, pattern);
	make_output();
	for (size_t i = 0; i < found.gl_pathc && count < MANY; i++) {
		if (strstr(found.gl_pathv[i], "/bad_") || strstr(found.gl_pathv[i], "/odd_"))
			continue;
		/* Names that are in two of them, or licenses that differ, keep an object out. */
		paths[count++] = found.gl_pathv[i];
		if (!link_all())
			count--;
	}
	for (int i = 0; i < count; i++)
		puts(paths[i]);
	unlink(output);
	globfree(&found);
}

/* The kernel's types twice: half of them are to be found equal to the other half. */
static void merge_types(void *kernel)
{
	struct btf *btf = btf__new_empty();

	bench_check(btf && btf__add_btf(btf, kernel) > 0 && btf__add_btf(btf, kernel) > 0, "add types");
	bench_check(btf__dedup(btf, NULL) == 0, "merge types");
	btf__free(btf);
}

void bench_linker(void)
{
	const char *list = getenv("BENCH_LINKED");
	struct btf *kernel;
	char name[64];

	if (list && (count = bench_read_list(list, paths, MANY))) {
		make_output();
		snprintf(name, sizeof(name), "link %d objects", count);
		bench_measure(&(struct bench){ name, link_objects, NULL, NULL, 1 });
		unlink(output);
	}
	if (!bench_wanted("merge the kernel's types, twice"))
		return;
	kernel = btf__parse("/sys/kernel/btf/vmlinux", NULL);
	bench_check(kernel, "the kernel's types");
	bench_measure(&(struct bench){ "merge the kernel's types, twice", merge_types, NULL, kernel, 1 });
	btf__free(kernel);
}
