/* SPDX-License-Identifier: MIT */
/* Attaching to a function of a large library, as tests/Bpf.Loader.Benchmarks/UprobeBenchmarks.cs does. */
#define _GNU_SOURCE
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

#define FUNCTION "LLVMContextCreate"

static struct bpf_program *program;
static const char *library;

static void attach(void *unused)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options, .func_name = FUNCTION);
	struct bpf_link *link = bpf_program__attach_uprobe_opts(program, -1, library, 0, &options);

	(void)unused;
	bench_check(link, "attach to " FUNCTION);
	bpf_link__destroy(link);
}

void bench_uprobes(const char *testdata)
{
	struct bpf_object *object;
	char path[4096];

	library = getenv("BENCH_LIBRARY");
	if (!library || !bench_wanted("uprobe in a large library"))
		return;
	snprintf(path, sizeof(path), "%s/hook_uprobe.bpf.o", testdata);
	object = bpf_object__open(path);
	bench_check(object && bpf_object__load(object) == 0, path);
	program = bpf_object__find_program_by_name(object, "uprobe_entry");
	bench_measure(&(struct bench){ "uprobe in a large library", attach, NULL, NULL, 1 });
	bpf_object__close(object);
}
