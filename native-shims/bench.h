/* SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>

/* What is measured, with the names that the C# side uses too. */
struct bench {
	const char *name;
	/* Does `operations` operations. */
	void (*run)(void *context);
	/* Done before each run, and not measured; NULL for nothing. */
	void (*prepare)(void *context);
	void *context;
	long operations;
};

/* Repeats the runs, and prints the name and the nanoseconds of an operation in the fastest of them. */
void bench_measure(const struct bench *bench);

/* While set, loading is made believe: the kernel is asked nothing that would cost time or a privilege. */
extern bool bench_pretend;

void bench_objects(const char *testdata);
void bench_maps(void);
void bench_rings(void);
void bench_perf(void);

/* Ends the program with the reason when a condition does not hold. */
void bench_check(bool holds, const char *what);

#endif
