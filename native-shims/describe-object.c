/* SPDX-License-Identifier: MIT */
/*
 * What libbpf understands of an object before it loads it, as lines of text to compare with: programs, maps with their
 * initial contents, and the BTF as libbpf has filled it in. Needs no privilege.
 *
 *   describe-object FILE...
 *   describe-object --sections NAME...    what section names mean
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int print_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level, (void)format, (void)arguments;
	return 0;
}

/* FNV-1a, so that contents of any size are one number. */
static uint32_t hash(const uint8_t *data, size_t size)
{
	uint32_t value = 2166136261u;

	for (size_t i = 0; i < size; i++)
		value = (value ^ data[i]) * 16777619u;
	return value;
}

static void print_map(const struct bpf_map *map)
{
	const char *pin = bpf_map__pin_path(map);
	const struct bpf_map *inner = bpf_map__inner_map((struct bpf_map *)map);

	printf("%s type=%u key=%u value=%u entries=%u flags=%u extra=%llu numa=%u pin=%s btf=%u,%u", bpf_map__name(map),
	       bpf_map__type(map), bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map),
	       bpf_map__map_flags(map), (unsigned long long)bpf_map__map_extra(map), bpf_map__numa_node(map),
	       pin ? pin : "-", bpf_map__btf_key_type_id(map), bpf_map__btf_value_type_id(map));
	if (inner) {
		printf(" inner=(");
		print_map(inner);
		printf(")");
	}
}

static void describe_maps(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		size_t size = 0;
		const void *value = NULL;

		printf("map ");
		print_map(map);
		/* That of a struct_ops map has pointers in it. */
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			value = bpf_map__initial_value(map, &size);
		if (value)
			printf(" contents=%zu,%08x", size, hash(value, size));
		printf(" autocreate=%d internal=%d\n", bpf_map__autocreate(map), bpf_map__is_internal(map));
	}
}

static void describe_btf(const struct btf *btf)
{
	for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, type->name_off);

		if (btf_is_var(type)) {
			printf("var %s type=%u linkage=%u\n", name, type->type, btf_var(type)->linkage);
		} else if (btf_is_func(type)) {
			printf("func %s type=%u linkage=%u\n", name, type->type, btf_vlen(type));
		} else if (btf_is_datasec(type)) {
			const struct btf_var_secinfo *entry = btf_var_secinfos(type);

			printf("datasec %s size=%u", name, type->size);
			for (int i = 0; i < btf_vlen(type); i++)
				printf(" %u:%u:%u", entry[i].type, entry[i].offset, entry[i].size);
			printf("\n");
		}
	}
}

static void describe(const char *path)
{
	struct bpf_object *object = bpf_object__open(path);
	struct bpf_program *program;

	printf("== %s %s\n", path, object ? bpf_object__name(object) : "refused");
	if (!object)
		return;
	bpf_object__for_each_program(program, object)
		printf("program %s section=%s type=%u attach=%u insns=%zu autoload=%d\n", bpf_program__name(program),
		       bpf_program__section_name(program), bpf_program__type(program),
		       bpf_program__expected_attach_type(program), bpf_program__insn_cnt(program),
		       bpf_program__autoload(program));
	describe_maps(object);
	if (bpf_object__btf(object))
		describe_btf(bpf_object__btf(object));
	bpf_object__close(object);
}

static void describe_section(const char *name)
{
	enum bpf_prog_type type;
	enum bpf_attach_type expected, attachable;

	if (libbpf_prog_type_by_name(name, &type, &expected)) {
		printf("%s unknown\n", name);
		return;
	}
	printf("%s type=%u attach=%u attachable=%d\n", name, type, expected, !libbpf_attach_type_by_name(name, &attachable));
}

int main(int argc, char **argv)
{
	int sections = argc > 1 && !strcmp(argv[1], "--sections");

	libbpf_set_print(print_nothing);
	for (int i = 1 + sections; i < argc; i++) {
		if (sections)
			describe_section(argv[i]);
		else
			describe(argv[i]);
	}
	return argc > 1 + sections ? 0 : 2;
}
