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

/* Whether something of this name is to be measured. */
bool bench_wanted(const char *name);

/* Prints what was measured otherwise. */
void bench_report(const char *name, double value);

/* Runs it for a second, and prints the nanoseconds of an operation by the clock, and those that the CPUs were in this program and in
 * the kernel, as "PREFIX wall NAME", "PREFIX user NAME" and "PREFIX system NAME". What the kernel does is the same for everybody. */
void bench_split(const char *prefix, const char *name, void (*run)(void *), void *context, long operations);

/* While set, loading is made believe: the kernel is asked nothing that would cost time or a privilege. */
extern bool bench_pretend;

/* Each is run only once: whether it works, not how fast. */
extern bool bench_once;

void bench_objects(const char *testdata);

/* Prints the paths of up to 100 objects of testdata that libbpf can load here. */
void bench_list_objects(const char *testdata);

/* Prints the paths of up to 100 objects of testdata that libbpf links into one. */
void bench_list_linkable(const char *testdata);

/* Reads the paths of a list, at most so many, and returns how many they are. */
int bench_read_list(const char *list, char **paths, int most);

/* Loads all objects of a list, holds them together, and prints the most memory that this took, in KiB. */
void bench_peak(const char *list);

void bench_maps(void);
void bench_rings(void);
void bench_perf(void);
void bench_interpreter(void);

/* The objects that the variable BENCH_LINKED lists, and the kernel's types. */
void bench_linker(void);

void bench_thousand(const char *testdata);

/* In the library that the variable BENCH_LIBRARY names. */
void bench_uprobes(const char *testdata);

/* Ends the program with the reason when a condition does not hold. */
void bench_check(bool holds, const char *what);

#endif
