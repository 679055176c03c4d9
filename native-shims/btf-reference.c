/* SPDX-License-Identifier: MIT */
/*
 * What libbpf makes of BTF: the yardstick for our own deduplication and distilling.
 *
 *   btf-reference dedup   IN OUT                     removes duplicates
 *   btf-reference dedup   IN OUT BASE                the same for split BTF
 *   btf-reference distill IN OUT BASE OUT_BASE       takes split BTF off its base
 *   btf-reference move    IN OUT BASE TARGET         puts it, with its distilled base, on another
 *
 * All files are raw BTF. Ends with 3 when this libbpf cannot do it.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Since libbpf 1.5; the libbpf-dev of an older system lacks them. */
extern int btf__distill_base(const struct btf *src, struct btf **new_base, struct btf **new_split) __attribute__((weak));
extern int btf__relocate(struct btf *btf, const struct btf *base) __attribute__((weak));

static int fail(const char *what, const char *about)
{
	fprintf(stderr, "%s %s: %s\n", what, about, strerror(errno));
	exit(1);
}

static struct btf *parse(const char *path, struct btf *base)
{
	struct btf *btf = base ? btf__parse_raw_split(path, base) : btf__parse_raw(path);

	if (!btf)
		fail("cannot parse", path);
	return btf;
}

static void write_out(const char *path, const struct btf *btf)
{
	__u32 size;
	const void *data = btf__raw_data(btf, &size);
	FILE *file = fopen(path, "w");

	if (!data || !file || fwrite(data, 1, size, file) != size || fclose(file))
		fail("cannot write", path);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 3 ? argv[1] : "";
	struct btf *base = argc > 4 ? parse(argv[4], NULL) : NULL;

	if (!strcmp(mode, "dedup") && argc <= 5) {
		struct btf *btf = parse(argv[2], base);

		if (btf__dedup(btf, NULL))
			fail("cannot deduplicate", argv[2]);
		write_out(argv[3], btf);
	} else if (!strcmp(mode, "distill") && argc == 6) {
		struct btf *new_base, *new_split;

		if (!btf__distill_base)
			return 3;
		if (btf__distill_base(parse(argv[2], base), &new_base, &new_split))
			fail("cannot distill", argv[2]);
		write_out(argv[3], new_split);
		write_out(argv[5], new_base);
	} else if (!strcmp(mode, "move") && argc == 6) {
		struct btf *btf = parse(argv[2], base);

		if (!btf__relocate)
			return 3;
		if (btf__relocate(btf, parse(argv[5], NULL)))
			fail("cannot move", argv[2]);
		write_out(argv[3], btf);
	} else {
		fprintf(stderr, "usage: see the first lines of btf-reference.c\n");
		return 2;
	}
	return 0;
}
