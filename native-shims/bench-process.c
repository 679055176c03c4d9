// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Runs a command several times and prints what the best run took: milliseconds of CPU, in user space and in the kernel, and
 * of the clock; and the peak of memory in KiB. What the command prints is thrown away.
 *   bench-process RUNS COMMAND [ARGUMENT...]
 *   bench-process --map ENTRIES RUNS COMMAND [ARGUMENT...]
 *       before, a hash map of 4-byte keys and 8-byte values is filled; an argument @ becomes its id
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/bpf.h>

extern char **environ;

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static unsigned int filled_map(unsigned int entries)
{
	union bpf_attr create = { .map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = entries };
	struct bpf_map_info info = {};
	union bpf_attr ask = { .info = { .info_len = sizeof(info), .info = (unsigned long)&info } };
	int map = bpf(BPF_MAP_CREATE, &create);

	if (map < 0)
		fail("BPF_MAP_CREATE");
	for (unsigned int key = 0; key < entries; key++) {
		unsigned long long value = key * 7ull;
		union bpf_attr update = { .map_fd = map, .key = (unsigned long)&key, .value = (unsigned long)&value };

		if (bpf(BPF_MAP_UPDATE_ELEM, &update))
			fail("BPF_MAP_UPDATE_ELEM");
	}
	ask.info.bpf_fd = map;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &ask))
		fail("BPF_OBJ_GET_INFO_BY_FD");
	return info.id;
}

static double milliseconds(struct timeval time)
{
	return time.tv_sec * 1e3 + time.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	double cpu = 1e9, user = 0, kernel = 0, wall = 1e9;
	long peak = 0;
	char id[16] = "";
	int runs;

	argv++;
	if (argc > 3 && !strcmp(argv[0], "--map")) {
		snprintf(id, sizeof(id), "%u", filled_map(strtoul(argv[1], NULL, 10)));
		argv += 2;
	}
	if (!argv[0] || !argv[1] || (runs = atoi(argv[0])) < 1) {
		fprintf(stderr, "usage: bench-process [--map ENTRIES] RUNS COMMAND [ARGUMENT...]\n");
		return 2;
	}
	argv++;
	for (char **argument = argv; id[0] && *argument; argument++)
		if (!strcmp(*argument, "@"))
			*argument = id;

	while (runs--) {
		posix_spawn_file_actions_t actions;
		struct timespec begin, end;
		struct rusage usage;
		int pid, status;

		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
		clock_gettime(CLOCK_MONOTONIC, &begin);
		errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
		if (errno)
			fail(argv[0]);
		if (wait4(pid, &status, 0, &usage) != pid)
			fail("wait4");
		clock_gettime(CLOCK_MONOTONIC, &end);
		posix_spawn_file_actions_destroy(&actions);
		if (!WIFEXITED(status) || WEXITSTATUS(status)) {
			fprintf(stderr, "%s: it ended with status %#x\n", argv[0], status);
			return 1;
		}

		double now = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
		double took = (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) / 1e6;

		if (took < wall)
			wall = took;
		if (now < cpu) {
			cpu = now;
			user = milliseconds(usage.ru_utime);
			kernel = milliseconds(usage.ru_stime);
			peak = usage.ru_maxrss;
		}
	}
	printf("%.2f\t%.2f\t%.2f\t%.2f\t%ld\n", cpu, user, kernel, wall, peak);
	return 0;
}
