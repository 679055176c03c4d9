/* SPDX-License-Identifier: MIT */
/*
 * The C side of build/bench.sh: what libbpf takes for what our benchmarks measure. Prints a line for each:
 * its name, a tab, and the nanoseconds of an operation in the fastest of many runs. Others may be at work on the machine, and
 * only the fastest run says what the code costs.
 *
 *   bench-libbpf TESTDATA [PREFIX]     only what has a name that begins so
 *   bench-libbpf --threaded ...        the same, in a process that has a second thread, which sleeps: then each system call counts its
 *                                      use of a descriptor (fdget()), as it always does in a process of .NET
 *   bench-libbpf --once ...            each only once: whether it works, not how fast
 *   bench-libbpf --linkable TESTDATA   the objects for the variable BENCH_LINKED, likewise
 *   bench-libbpf --list TESTDATA       the objects for the variable BENCH_OBJECTS, which names a file with them, a line each
 *   bench-libbpf --peak LIST           the most memory that it takes to hold all of these
 */
#define _GNU_SOURCE
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define WARM_UP_NS 100000000L
#define MEASURE_NS 500000000L
#define SPLIT_NS 1000000000L
#define MINIMUM_RUNS 5

bool bench_pretend;
bool bench_once;
static const char *prefix = "";

/* libbpf.a is linked with --wrap=syscall. */
long __real_syscall(long number, ...);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (bench_pretend && number == SYS_bpf) {
		switch (a) {
		case BPF_PROG_LOAD:
		case BPF_MAP_CREATE:
		case BPF_BTF_LOAD:
			return memfd_create("pretended", MFD_CLOEXEC);
		case BPF_MAP_UPDATE_ELEM:
		case BPF_MAP_FREEZE:
		case BPF_PROG_BIND_MAP:
			return 0;
		}
	}
	return __real_syscall(number, a, b, c, d, e, f);
}

void bench_check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "bench-libbpf: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int64_t run_once(const struct bench *bench)
{
	int64_t start;

	if (bench->prepare)
		bench->prepare(bench->context);
	start = now();
	bench->run(bench->context);
	return now() - start;
}

bool bench_wanted(const char *name)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

void bench_report(const char *name, double value)
{
	printf("%s\t%.2f\n", name, value);
	fflush(stdout);
}

static double nanoseconds(const struct timeval *after, const struct timeval *before)
{
	return (after->tv_sec - before->tv_sec) * 1e9 + (after->tv_usec - before->tv_usec) * 1e3;
}

void bench_split(const char *kind, const char *name, void (*run)(void *), void *context, long operations)
{
	char wall[128], user[128], system[128];
	struct rusage before, after;
	int64_t start, end;
	long count = 0;

	snprintf(wall, sizeof(wall), "%s wall %s", kind, name);
	snprintf(user, sizeof(user), "%s user %s", kind, name);
	snprintf(system, sizeof(system), "%s system %s", kind, name);
	if (!bench_wanted(wall) && !bench_wanted(user) && !bench_wanted(system))
		return;
	run(context);
	getrusage(RUSAGE_SELF, &before);
	start = now();
	do {
		run(context);
		count += operations;
		end = now();
	} while (!bench_once && end < start + SPLIT_NS);
	getrusage(RUSAGE_SELF, &after);
	if (bench_wanted(wall))
		bench_report(wall, (double)(end - start) / count);
	if (bench_wanted(user))
		bench_report(user, nanoseconds(&after.ru_utime, &before.ru_utime) / count);
	if (bench_wanted(system))
		bench_report(system, nanoseconds(&after.ru_stime, &before.ru_stime) / count);
}

void bench_measure(const struct bench *bench)
{
	int64_t best = INT64_MAX, time, end;

	if (!bench_wanted(bench->name))
		return;
	end = now() + WARM_UP_NS;
	while (!bench_once && now() < end)
		run_once(bench);

	end = now() + (bench_once ? 0 : MEASURE_NS);
	for (int runs = 0; runs < (bench_once ? 1 : MINIMUM_RUNS) || now() < end; runs++) {
		time = run_once(bench);
		if (time < best)
			best = time;
	}
	bench_report(bench->name, (double)best / bench->operations);
}

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level, (void)format, (void)arguments;
	return 0;
}

static void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--threaded")) {
		pthread_t thread;

		bench_check(pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0, "thread");
		argc--;
		argv++;
	}
	if (argc > 1 && !strcmp(argv[1], "--once")) {
		bench_once = true;
		argc--;
		argv++;
	}
	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: %s [--threaded] [--once] TESTDATA [PREFIX]\n", argv[0]);
		return 2;
	}
	libbpf_set_print(quiet);
	if (argc == 3 && !strcmp(argv[1], "--list")) {
		bench_list_objects(argv[2]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--linkable")) {
		bench_list_linkable(argv[2]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--peak")) {
		bench_peak(argv[2]);
		return 0;
	}
	if (argc == 3)
		prefix = argv[2];
	bench_objects(argv[1]);
	bench_maps();
	bench_rings();
	bench_perf();
	bench_interpreter();
	bench_linker();
	bench_thousand(argv[1]);
	bench_uprobes(argv[1]);
	return 0;
}
