/* SPDX-License-Identifier: MIT */
/*
 * The C side of tests/Bpf.Loader.Benchmarks.Agent: opens, loads and attaches testdata/bench_agent.bpf.o, makes a thousand events, reads
 * them, and ends.
 *   bench-agent OBJECT
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EVENTS 1000

struct event {
	int pid;
	int parent;
	char comm[16];
};

static int count;

static int on_event(void *unused, void *data, size_t size)
{
	const struct event *event = data;

	(void)unused;
	if (size == sizeof(*event) && event->pid == getpid() && event->parent == getppid())
		count++;
	return 0;
}

static int fail(const char *what)
{
	fprintf(stderr, "bench-agent: %s\n", what);
	return 1;
}

int main(int argc, char **argv)
{
	struct constants { unsigned long long number; unsigned int target; } *constants;
	struct bpf_object *object;
	struct bpf_program *program;
	struct bpf_link *link;
	struct ring_buffer *ring;
	size_t size;

	if (argc != 2)
		return fail("usage: bench-agent OBJECT");
	object = bpf_object__open(argv[1]);
	if (!object)
		return fail("open");
	constants = bpf_map__initial_value(bpf_object__find_map_by_name(object, ".rodata"), &size);
	if (!constants || size < offsetof(struct constants, target) + sizeof(constants->target))
		return fail("constants");
	constants->target = getpid();
	constants->number = SYS_getpriority;
	if (bpf_object__load(object))
		return fail("load");
	program = bpf_object__find_program_by_name(object, "on_call");
	link = bpf_program__attach(program);
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), on_event, NULL, NULL);
	if (!link || !ring)
		return fail("attach");
	for (int i = 0; i < EVENTS; i++)
		syscall(SYS_getpriority, 0, 0);
	while (count < EVENTS && ring_buffer__poll(ring, 1000) > 0)
		;
	printf("%d\n", count);
	ring_buffer__free(ring);
	bpf_link__destroy(link);
	bpf_object__close(object);
	return count == EVENTS ? 0 : 1;
}
