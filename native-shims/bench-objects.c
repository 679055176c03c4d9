/* SPDX-License-Identifier: MIT */
/* What objects cost: to open, to relocate, to load; and the types of the kernel. */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdio.h>

#include "bench.h"

#define MANY 100

static struct bpf_object *open_object(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);

	bench_check(object, path);
	return object;
}

static void open_only(void *path)
{
	bpf_object__close(open_object(path));
}

static void load(void *path)
{
	struct bpf_object *object = open_object(path);

	bench_check(bpf_object__load(object) == 0, path);
	bpf_object__close(object);
}

/* Everything but what the kernel does; optional programs too, as we relocate them. */
static void relocate(void *path)
{
	struct bpf_object *object = open_object(path);
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, true);
	bench_pretend = true;
	bench_check(bpf_object__load(object) == 0, path);
	bench_pretend = false;
	bpf_object__close(object);
}

/* Held together, as an agent with many objects does. */
static void load_many(void *path)
{
	struct bpf_object *objects[MANY];

	for (int i = 0; i < MANY; i++) {
		objects[i] = open_object(path);
		bench_check(bpf_object__load(objects[i]) == 0, path);
	}
	for (int i = 0; i < MANY; i++)
		bpf_object__close(objects[i]);
}

static void read_kernel_types(void *unused)
{
	struct btf *btf = btf__parse("/sys/kernel/btf/vmlinux", NULL);

	(void)unused;
	bench_check(btf && btf__find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT) > 0, "the kernel's types");
	btf__free(btf);
}

static void measure(const char *what, const char *object, const char *path, void (*run)(void *), long operations)
{
	char name[128];

	snprintf(name, sizeof(name), "%s %s", what, object);
	bench_measure(&(struct bench){ name, run, NULL, (void *)path, operations });
}

void bench_objects(const char *testdata)
{
	static const char *const objects[] = { "execsnoop", "core_kernel", "hook_cgroup" };
	char path[4096];

	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		snprintf(path, sizeof(path), "%s/%s.bpf.o", testdata, objects[i]);
		measure("open", objects[i], path, open_only, 1);
		measure("open+relocate", objects[i], path, relocate, 1);
		measure("open+load", objects[i], path, load, 1);
	}
	snprintf(path, sizeof(path), "%s/execsnoop.bpf.o", testdata);
	measure("open+load x100", "execsnoop", path, load_many, MANY);
	bench_measure(&(struct bench){ "kernel types", read_kernel_types, NULL, NULL, 1 });
}
