/* SPDX-License-Identifier: MIT */
/* A ring buffer of 64-byte records, as tests/Bpf.Loader.Benchmarks/RingBufferBenchmarks.cs has it. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include "bench.h"

#define RECORDS 100000
#define RECORD_SIZE 64
#define CHUNK 1000
#define RING_SIZE (8 << 20)

static int map, quiet_program, waking_program;
static struct ring_buffer *ring;
static volatile bool stop;
static volatile long sink;

static int load_program(int flags)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{ .code = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = RECORD_SIZE },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_reserve },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 4, .imm = 0 },
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = flags },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_submit },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", code, sizeof(code) / sizeof(*code), NULL);

	bench_check(fd >= 0, "program");
	return fd;
}

static void produce(int program, int count)
{
	char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet), .repeat = count);

	bench_check(bpf_prog_test_run_opts(program, &options) == 0, "run");
}

static int on_record(void *context, void *data, size_t size)
{
	(void)size;
	*(long *)context += *(unsigned char *)data;
	return 0;
}

static long sum;

static void empty(void *unused)
{
	(void)unused;
	ring_buffer__consume(ring);
}

static void fill(void *unused)
{
	empty(unused);
	produce(quiet_program, RECORDS);
}

static void drain(void *unused)
{
	(void)unused;
	sink = ring_buffer__consume(ring);
}

static void *produce_on(void *unused)
{
	(void)unused;
	while (!stop)
		produce(waking_program, CHUNK);
	return NULL;
}

static void consume_live(void *unused)
{
	(void)unused;
	for (int count = 0; count < RECORDS;) {
		int got = ring_buffer__poll(ring, 100);

		bench_check(got >= 0, "poll");
		count += got;
	}
}

void bench_rings(void)
{
	pthread_t producer;

	map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "bench", 0, 0, RING_SIZE, NULL);
	bench_check(map >= 0, "ring");
	quiet_program = load_program(BPF_RB_NO_WAKEUP);
	waking_program = load_program(0);
	ring = ring_buffer__new(map, on_record, &sum, NULL);
	bench_check(ring, "ring");

	/* libbpf has one way where we have two. */
	bench_measure(&(struct bench){ "ring drain in place", drain, fill, NULL, RECORDS });
	bench_measure(&(struct bench){ "ring drain by callback", drain, fill, NULL, RECORDS });
	bench_check(pthread_create(&producer, NULL, produce_on, NULL) == 0, "thread");
	bench_measure(&(struct bench){ "ring with live producer", consume_live, empty, NULL, RECORDS });
	stop = true;
	pthread_join(producer, NULL);
	ring_buffer__free(ring);
	close(quiet_program);
	close(waking_program);
	close(map);
}
