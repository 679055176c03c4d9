/* SPDX-License-Identifier: MIT */
/*
 * What libbpf makes of an object: the yardstick that our own loader is measured with. Prints a JSON object a line for
 * each FILE, with the members of `bpf verify --json` or, with --relocated, of `bpf relocate --json`. A program's error
 * is an errno here; one that the kernel was to load has libbpf's message beside it.
 *
 *   reference-loader [--each] [--relocated [--dump]] [--btf BTF] [-v] FILE...
 *
 * --each       every program alone, in a fresh open and load of the file, the optional ones too
 * --relocated  stops before the kernel: the instructions that would reach the verifier are recorded, maps, programs and
 *              BTF are made believe; needs no privilege. The results are those of a kernel that has every feature.
 * --dump       adds those instructions in hex, with what the tag leaves out set to zero
 * --btf        the target types of CO-RE. With --relocated and raw BTF, the kernel's functions and variables have the ids
 *              of it, too: libbpf reads them from /sys/kernel/btf/vmlinux, which this process alone sees replaced (as root)
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tag.h"

struct outcome {
	int error;
	bool loaded;
	char tag[17];
	uint32_t xlated_len, verified_insns;
	/* The instructions of the last BPF_PROG_LOAD of this name. */
	struct bpf_insn *code;
	uint32_t code_count;
	/* The first warning of a load that failed: the reason; those after it tell what it led to. */
	char message[512];
};

static bool each, relocated, dump, verbose;
static const char *target_btf;
static char first_message[512];

/* The program whose BPF_PROG_LOAD is to be recorded, by the name that the kernel gets; filled while libbpf loads. */
static struct bpf_object *recorded_object;
static struct outcome *recorded_outcomes;

static int print(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && !first_message[0]) {
		va_list copy;

		va_copy(copy, arguments);
		vsnprintf(first_message, sizeof(first_message), format, copy);
		va_end(copy);
	}
	return verbose ? vfprintf(stderr, format, arguments) : 0;
}

/* The outcome of the program that this load is for; none if it is one of libbpf's probes. */
static struct outcome *record(const union bpf_attr *attr)
{
	const struct bpf_insn *code = (const void *)(uintptr_t)attr->insns;
	struct bpf_program *program;
	int index = -1;

	bpf_object__for_each_program(program, recorded_object) {
		struct outcome *outcome = &recorded_outcomes[++index];
		bool second_half = false;

		if (!attr->prog_name[0] || strncmp(attr->prog_name, bpf_program__name(program), BPF_OBJ_NAME_LEN - 1) != 0 ||
		    bpf_program__insns(program) == NULL || !bpf_program__autoload(program) || bpf_program__fd(program) >= 0)
			continue;
		free(outcome->code);
		outcome->code_count = attr->insn_cnt;
		outcome->code = malloc(attr->insn_cnt * sizeof(*code));
		if (!outcome->code)
			abort();
		memcpy(outcome->code, code, attr->insn_cnt * sizeof(*code));
		/* As bpf_prog_calc_tag (kernel/bpf/core.c) does: descriptors of maps differ from load to load. */
		for (uint32_t i = 0; i < attr->insn_cnt; i++) {
			struct bpf_insn *insn = &outcome->code[i];
			bool map = insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
				   (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE);

			if (map || second_half)
				insn->imm = 0;
			second_half = map;
		}
		return outcome;
	}
	return NULL;
}

/* Asked at once: what libbpf does afterwards with all programs of the object may fail, and would hide this one. */
static void describe(int fd, struct outcome *outcome)
{
	struct bpf_prog_info info = {};
	uint32_t size = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
		return;
	outcome->loaded = true;
	for (int i = 0; i < 8; i++)
		sprintf(outcome->tag + i * 2, "%02x", info.tag[i]);
	outcome->xlated_len = info.xlated_prog_len;
	outcome->verified_insns = info.verified_insns;
}

/* Maps are mapped too, and an arena's values written: a large file with nothing in it takes all of that. */
static int pretended_fd(void)
{
	int fd = memfd_create("pretended", MFD_CLOEXEC);

	if (fd >= 0 && ftruncate(fd, 1L << 40))
		abort();
	return fd;
}

static long enter_kernel(long number, const long a[6])
{
#ifdef __aarch64__
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a[0];
	register long x1 __asm__("x1") = a[1];
	register long x2 __asm__("x2") = a[2];
	register long x3 __asm__("x3") = a[3];
	register long x4 __asm__("x4") = a[4];
	register long x5 __asm__("x5") = a[5];

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
#else
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#endif
}

/* libbpf is linked into this program and makes its system calls through this function instead of the C library's. */
long syscall(long number, ...)
{
	struct outcome *outcome = NULL;
	long a[6], result;
	va_list arguments;

	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);

	if (number == SYS_bpf) {
		if (a[0] == BPF_PROG_LOAD && recorded_object)
			outcome = record((const union bpf_attr *)a[1]);
		if (relocated) {
			switch (a[0]) {
			case BPF_PROG_LOAD:
			case BPF_MAP_CREATE:
			case BPF_BTF_LOAD:
				return pretended_fd();
			case BPF_MAP_UPDATE_ELEM:
			case BPF_MAP_FREEZE:
			case BPF_PROG_BIND_MAP:
				return 0;
			}
		}
	}

	result = enter_kernel(number, a);
	if (result < 0 && result >= -4095) {
		errno = -result;
		return -1;
	}
	if (outcome)
		describe(result, outcome);
	return result;
}

static void json_string(const char *text)
{
	if (!text) {
		printf("null");
		return;
	}
	putchar('"');
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* The symbol of an errno; libbpf's own codes, which have none, by number. */
static const char *error_name(int error)
{
	static char text[32];

	if (error == 524)
		return "ENOTSUPP";
	if (error < 4000 && strerrorname_np(error))
		return strerrorname_np(error);
	snprintf(text, sizeof(text), "LIBBPF_%d", error);
	return text;
}

static void json_code(int error)
{
	json_string(error ? error_name(error) : "ok");
}

static struct bpf_object *open_file(const char *path)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = target_btf);
	struct bpf_object *object;
	struct bpf_map *map;

	errno = 0;
	object = bpf_object__open_file(path, &options);
	if (object) {
		/* Nothing is to be left behind, nor found. */
		bpf_object__for_each_map(map, object)
			bpf_map__set_pin_path(map, NULL);
	}
	return object;
}

/* Loads the object with all its programs, or with only one, and says how it went. */
static int load(struct bpf_object *object, int only, struct outcome *outcomes)
{
	struct bpf_program *program;
	int index = 0, error;

	if (only >= 0)
		bpf_object__for_each_program(program, object)
			bpf_program__set_autoload(program, index++ == only);
	recorded_object = object;
	recorded_outcomes = outcomes;
	first_message[0] = 0;
	error = -bpf_object__load(object);
	recorded_object = NULL;
	index = 0;
	bpf_object__for_each_program(program, object) {
		struct outcome *outcome = &outcomes[index];

		if (relocated)
			outcome->loaded = outcome->code != NULL;
		if (only < 0 || only == index)
			outcome->error = outcome->loaded || !bpf_program__autoload(program) ? 0 : error;
		if (outcome->error && !outcome->message[0])
			memcpy(outcome->message, first_message, sizeof(first_message));
		index++;
	}
	return only < 0 ? error : outcomes[only].error;
}

static void print_maps(struct bpf_object *object)
{
	struct bpf_map *map;
	const char *comma = "";

	printf(",\"maps\":[");
	bpf_object__for_each_map(map, object) {
		printf("%s{\"name\":", comma);
		json_string(bpf_map__name(map));
		printf(",\"type\":%u,\"key_size\":%u,\"value_size\":%u,\"max_entries\":%u,\"map_flags\":%u}", bpf_map__type(map),
		       bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map), bpf_map__map_flags(map));
		comma = ",";
	}
	printf("]");
}

static void print_relocated(const struct outcome *outcome)
{
	char sha1[17], sha256[17];

	if (outcome->loaded) {
		tag_sha1(outcome->code, outcome->code_count * sizeof(*outcome->code), sha1);
		tag_sha256(outcome->code, outcome->code_count * sizeof(*outcome->code), sha256);
		printf(",\"insns_final\":%u,\"tag_sha1\":\"%s\",\"tag_sha256\":\"%s\"", outcome->code_count, sha1, sha256);
	} else {
		printf(",\"insns_final\":null,\"tag_sha1\":null,\"tag_sha256\":null");
	}
	if (dump && outcome->loaded) {
		printf(",\"code\":\"");
		for (size_t i = 0; i < outcome->code_count * sizeof(*outcome->code); i++)
			printf("%02x", ((const uint8_t *)outcome->code)[i]);
		printf("\"");
	}
}

static void print_loaded(struct bpf_program *program, const struct outcome *outcome)
{
	printf(",\"type\":%u,\"eat\":%u,\"insns\":%zu,\"loaded\":%s", bpf_program__type(program),
	       bpf_program__expected_attach_type(program), bpf_program__insn_cnt(program), outcome->loaded ? "true" : "false");
	if (outcome->loaded)
		printf(",\"tag\":\"%s\",\"xlated_len\":%u,\"verified_insns\":%u", outcome->tag, outcome->xlated_len,
		       outcome->verified_insns);
	else
		printf(",\"tag\":null,\"xlated_len\":null,\"verified_insns\":null");
}

/* Returns whether everything opened and loaded. */
static bool verify(const char *path)
{
	struct bpf_object *object = open_file(path), *fresh;
	struct outcome *outcomes;
	struct bpf_program *program;
	int error = errno, load_error = 0, count = 0, index = 0;
	const char *comma = "";
	char message[sizeof(first_message)];

	printf("{\"file\":");
	json_string(path);
	printf(",\"open\":");
	if (!object) {
		json_code(error);
		if (!relocated) {
			printf(",\"load\":");
			json_code(error);
			printf(",\"message\":");
			json_string(first_message);
			printf(",\"maps\":[]");
		}
		printf(",\"programs\":[]}\n");
		return false;
	}
	json_code(0);

	bpf_object__for_each_program(program, object)
		count++;
	outcomes = calloc(count + 1, sizeof(*outcomes));
	if (!outcomes)
		abort();
	/* What is printed of the object is what it says before the load; so the load is another one's. */
	for (int i = each ? 0 : -1; i < (each ? count : 0); i++) {
		fresh = open_file(path);
		if (!fresh)
			abort();
		error = load(fresh, i, outcomes);
		if (error && !load_error) {
			load_error = error;
			memcpy(message, first_message, sizeof(message));
		}
		bpf_object__close(fresh);
	}

	if (!relocated) {
		printf(",\"load\":");
		json_code(load_error);
		printf(",\"message\":");
		json_string(load_error ? message : NULL);
		print_maps(object);
	}
	printf(",\"programs\":[");
	bpf_object__for_each_program(program, object) {
		struct outcome *outcome = &outcomes[index++];

		printf("%s{\"name\":", comma);
		json_string(bpf_program__name(program));
		printf(",\"sec\":");
		json_string(bpf_program__section_name(program));
		if (relocated)
			print_relocated(outcome);
		else
			print_loaded(program, outcome);
		printf(",\"error\":");
		json_string(outcome->error ? error_name(outcome->error) : NULL);
		if (!relocated) {
			printf(",\"message\":");
			json_string(outcome->error ? outcome->message : NULL);
		}
		printf("}");
		comma = ",";
		free(outcome->code);
	}
	printf("]}\n");
	fflush(stdout);
	free(outcomes);
	bpf_object__close(object);
	return load_error == 0;
}

static bool is_raw_btf(const char *path)
{
	uint16_t magic = 0;
	FILE *file = fopen(path, "rb");

	if (file) {
		if (fread(&magic, sizeof(magic), 1, file) != 1)
			magic = 0;
		fclose(file);
	}
	return magic == 0xeb9f;
}

/* In a mount namespace of our own, so that nobody else notices. */
static bool replace_kernel_btf(const char *path)
{
	if (!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	    !mount(path, "/sys/kernel/btf/vmlinux", NULL, MS_BIND, NULL))
		return true;
	perror("/sys/kernel/btf/vmlinux cannot be replaced");
	return false;
}

int main(int argc, char **argv)
{
	bool good = true;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--each"))
			each = true;
		else if (!strcmp(argv[i], "--relocated"))
			relocated = true;
		else if (!strcmp(argv[i], "--dump"))
			dump = true;
		else if (!strcmp(argv[i], "--btf") && i + 1 < argc)
			target_btf = argv[++i];
		else if (!strcmp(argv[i], "-v"))
			verbose = true;
		else
			break;
	}
	if (i == argc || argv[i][0] == '-') {
		fprintf(stderr, "usage: %s [--each] [--relocated [--dump]] [--btf BTF] [-v] FILE...\n", argv[0]);
		return 2;
	}
	if (relocated && target_btf && is_raw_btf(target_btf) && !replace_kernel_btf(target_btf))
		return 2;
	libbpf_set_print(print);
	for (; i < argc; i++) {
		first_message[0] = 0;
		good &= verify(argv[i]);
	}
	return good ? 0 : 1;
}
