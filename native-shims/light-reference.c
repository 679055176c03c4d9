/* SPDX-License-Identifier: MIT */
/*
 * What the light skeleton that libbpf makes of an object comes to on the running kernel. Each program alone, in a fresh
 * open of the file: the loader program is made (bpf_object__gen_loader), run, and the kernel is asked for the tag. Prints
 * a line for each program: its name, and its tag or the negative errno.
 *
 *   light-reference FILE
 */
#include <errno.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpf/skel_internal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

/* The context is a header, an entry for each map, and the descriptors of the programs. */
static int run(struct bpf_object *object, const struct gen_loader_opts *made, char tag[17])
{
	struct bpf_map *map;
	size_t maps = 0, size;
	struct bpf_loader_ctx *context;
	struct bpf_load_and_run_opts options = {};
	int error, i, *first;

	bpf_object__for_each_map(map, object)
		maps++;
	size = sizeof(*context) + maps * sizeof(struct bpf_map_desc) + sizeof(struct bpf_prog_desc);
	context = calloc(1, size);
	if (!context)
		return -ENOMEM;
	context->sz = size;
	options.ctx = context;
	options.data = made->data;
	options.data_sz = made->data_sz;
	options.insns = made->insns;
	options.insns_sz = made->insns_sz;
	error = bpf_load_and_run(&options);
	first = (int *)((char *)context + sizeof(*context) + maps * sizeof(struct bpf_map_desc));
	if (!error) {
		struct bpf_prog_info info = {};
		__u32 length = sizeof(info);

		error = bpf_obj_get_info_by_fd(*first, &info, &length);
		for (i = 0; i < 8; i++)
			sprintf(tag + i * 2, "%02x", info.tag[i]);
		close(*first);
		for (i = 0; i < (int)maps; i++)
			close(((struct bpf_map_desc *)(context + 1))[i].map_fd);
	}

	free(context);
	return error;
}

static int load(const char *path, const char *name, char tag[17])
{
	LIBBPF_OPTS(gen_loader_opts, made);
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program;
	struct bpf_map *map;
	int error;

	if (!object)
		return -errno;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, strcmp(bpf_program__name(program), name) == 0);
	bpf_object__for_each_map(map, object)
		bpf_map__set_pin_path(map, NULL);
	error = bpf_object__gen_loader(object, &made);
	if (!error)
		error = bpf_object__load(object);
	if (!error)
		error = run(object, &made, tag);
	bpf_object__close(object);
	return error;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct bpf_program *program;

	if (argc != 2) {
		fprintf(stderr, "usage: light-reference FILE\n");
		return 2;
	}

	libbpf_set_print(quiet);
	object = bpf_object__open_file(argv[1], NULL);
	if (!object)
		return 1;
	bpf_object__for_each_program(program, object) {
		char tag[17] = "";
		int error = load(argv[1], bpf_program__name(program), tag);

		if (error)
			printf("%s %d\n", bpf_program__name(program), error);
		else
			printf("%s %s\n", bpf_program__name(program), tag);
	}

	bpf_object__close(object);
	return 0;
}
