/* SPDX-License-Identifier: MIT */
/* What objects cost: to open, to relocate, to load; and the types of the kernel. */
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

/* Programs with optional ones beside them, or pins, are not what is compared. */
static bool is_loadable(const char *path)
{
	struct bpf_object *object;
	bool loads;

	if (strstr(path, "/bad_") || strstr(path, "/odd_") || strstr(path, "pinned"))
		return false;
	object = bpf_object__open_file(path, NULL);
	loads = object && bpf_object__load(object) == 0;
	bpf_object__close(object);
	return loads;
}

void bench_list_objects(const char *testdata)
{
	char pattern[4096];
	int count = 0;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.bpf.o", testdata);
	bench_check(glob(pattern, 0, NULL, &found) == 0, pattern);
	snprintf(pattern, sizeof(pattern), "%s/clang-14/*.bpf.o", testdata);
	glob(pattern, GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && count < MANY; i++) {
		if (is_loadable(found.gl_pathv[i]) && ++count)
			puts(found.gl_pathv[i]);
	}
	globfree(&found);
}

int bench_read_list(const char *list, char **paths, int most)
{
	FILE *file = fopen(list, "r");
	int count = 0;
	size_t size;

	bench_check(file, list);
	for (char *line = NULL; count < most && getline(&line, (size = 0, &size), file) > 0; line = NULL) {
		line[strcspn(line, "\n")] = 0;
		paths[count++] = line;
	}
	fclose(file);
	return count;
}

struct different {
	char *paths[MANY];
	int count;
};

static void load_different(void *context)
{
	struct bpf_object *objects[MANY];
	const struct different *different = context;

	for (int i = 0; i < different->count; i++) {
		objects[i] = open_object(different->paths[i]);
		bench_check(bpf_object__load(objects[i]) == 0, different->paths[i]);
	}
	for (int i = 0; i < different->count; i++)
		bpf_object__close(objects[i]);
}

void bench_peak(const char *list)
{
	struct different different;
	char line[256];
	FILE *status;

	different.count = bench_read_list(list, different.paths, MANY);
	load_different(&different);
	status = fopen("/proc/self/status", "r");
	bench_check(status, "/proc/self/status");
	while (fgets(line, sizeof(line), status)) {
		if (!strncmp(line, "VmHWM:", 6))
			printf("%ld\n", atol(line + 6));
	}
	fclose(status);
}

/* In a process of its own: what was measured before would count too. */
static void measure_peak(const char *list)
{
	static const char name[] = "load peak KiB, all at once";
	char command[4096];
	double peak;
	FILE *child;

	if (!bench_wanted(name))
		return;
	snprintf(command, sizeof(command), "/proc/%d/exe --peak '%s'", getpid(), list);
	child = popen(command, "r");
	bench_check(child && fscanf(child, "%lf", &peak) == 1, command);
	pclose(child);
	bench_report(name, peak);
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
		bench_split("load", objects[i], load, path, 1);
	}
	snprintf(path, sizeof(path), "%s/execsnoop.bpf.o", testdata);
	measure("open+load x100", "execsnoop", path, load_many, MANY);
	if (getenv("BENCH_OBJECTS")) {
		struct different different;

		different.count = bench_read_list(getenv("BENCH_OBJECTS"), different.paths, MANY);
		bench_split("load", "of each, all at once", load_different, &different, different.count);
		measure_peak(getenv("BENCH_OBJECTS"));
	}
	bench_measure(&(struct bench){ "kernel types", read_kernel_types, NULL, NULL, 1 });
}
