/* SPDX-License-Identifier: MIT */
/* A perf buffer of 64-byte records, as tests/Bpf.Loader.Benchmarks/PerfBufferBenchmarks.cs has it. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include "bench.h"

#define RECORDS 10000
#define RECORD_SIZE 64
#define PAGES 256

static int map, program;
static struct perf_buffer *buffer;
static long sum;

static void on_sample(void *context, int cpu, void *data, __u32 size)
{
	(void)cpu, (void)size;
	*(long *)context += *(unsigned char *)data;
}

static void empty(void)
{
	bench_check(perf_buffer__consume(buffer) >= 0, "consume");
}

static void fill(void *unused)
{
	char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet), .repeat = RECORDS);

	(void)unused;
	empty();
	bench_check(bpf_prog_test_run_opts(program, &options) == 0, "run");
}

static void drain(void *unused)
{
	(void)unused;
	empty();
}

static int load_program(void)
{
	struct bpf_insn code[RECORD_SIZE / 8 + 10];
	int at = 0;

	for (int i = 8; i <= RECORD_SIZE; i += 8)
		code[at++] = (struct bpf_insn){ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -i, .imm = 1 };
	code[at++] = (struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = BPF_REG_2, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map };
	code[at++] = (struct bpf_insn){ .code = 0 };
	code[at++] = (struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = BPF_REG_3, .imm = -1 };
	code[at++] = (struct bpf_insn){ .code = 0 };
	code[at++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_4, .src_reg = BPF_REG_10 };
	code[at++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_4, .imm = -RECORD_SIZE };
	code[at++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_5, .imm = RECORD_SIZE };
	code[at++] = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_perf_event_output };
	code[at++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 };
	code[at++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	return bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", code, at, NULL);
}

void bench_perf(void)
{
	map = bpf_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, "bench", 4, 4, libbpf_num_possible_cpus(), NULL);
	bench_check(map >= 0, "perf event array");
	program = load_program();
	bench_check(program >= 0, "program");
	buffer = perf_buffer__new(map, PAGES, on_sample, NULL, &sum, NULL);
	bench_check(buffer, "perf buffer");
	bench_measure(&(struct bench){ "perf drain by callback", drain, fill, NULL, RECORDS });
	perf_buffer__free(buffer);
	close(program);
	close(map);
}
