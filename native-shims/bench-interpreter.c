// SPDX-License-Identifier: MIT
/* An interpreter of BPF as one writes it in C: one switch, every access checked. What the machine of Bpf.Loader.Testing is measured by. */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.h"

#define STACK_SIZE 512
#define ROUNDS 100000
#define INSTRUCTIONS (ROUNDS * 14 + 3)

static uint8_t stack[STACK_SIZE];

/* The same program as in MachineBenchmarks.cs: arithmetic, a word and a byte of the stack, and a jump. */
static const struct bpf_insn program[] = {
	{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 },
	{ BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 0 },
	{ BPF_STX | BPF_MEM | BPF_DW, 10, 1, -8, 0 },
	{ BPF_LDX | BPF_MEM | BPF_DW, 2, 10, -8, 0 },
	{ BPF_ALU64 | BPF_ADD | BPF_X, 0, 2, 0, 0 },
	{ BPF_ALU64 | BPF_MUL | BPF_K, 0, 0, 0, 31 },
	{ BPF_ALU64 | BPF_XOR | BPF_K, 0, 0, 0, 0x5bd1 },
	{ BPF_ALU64 | BPF_MOV | BPF_X, 3, 0, 0, 0 },
	{ BPF_ALU64 | BPF_RSH | BPF_K, 3, 0, 0, 13 },
	{ BPF_ALU64 | BPF_XOR | BPF_X, 0, 3, 0, 0 },
	{ BPF_ALU | BPF_MUL | BPF_K, 3, 0, 0, 7 },
	{ BPF_STX | BPF_MEM | BPF_B, 10, 3, -16, 0 },
	{ BPF_LDX | BPF_MEM | BPF_B, 4, 10, -16, 0 },
	{ BPF_ALU64 | BPF_ADD | BPF_X, 0, 4, 0, 0 },
	{ BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, 1 },
	{ BPF_JMP | BPF_JLT | BPF_K, 1, 0, -14, ROUNDS },
	{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
};

static uint8_t *at(uint64_t address, uint64_t size)
{
	uint64_t offset = address - (uint64_t)(uintptr_t)stack;

	if (offset + size > STACK_SIZE) bench_check(false, "the program stays on its stack");
	return stack + offset;
}

#define ALU(operation, name, form) \
	case BPF_ALU64 | operation | BPF_X: r[i->dst_reg] form r[i->src_reg]; pc++; continue; \
	case BPF_ALU64 | operation | BPF_K: r[i->dst_reg] form (uint64_t)(int64_t)i->imm; pc++; continue; \
	case BPF_ALU | operation | BPF_X: r[i->dst_reg] = name((uint32_t)r[i->dst_reg], (uint32_t)r[i->src_reg]); pc++; continue; \
	case BPF_ALU | operation | BPF_K: r[i->dst_reg] = name((uint32_t)r[i->dst_reg], (uint32_t)i->imm); pc++; continue;
#define ADD(a, b) (uint32_t)((a) + (b))
#define SUB(a, b) (uint32_t)((a) - (b))
#define MUL(a, b) (uint32_t)((a) * (b))
#define OR(a, b) ((a) | (b))
#define AND(a, b) ((a) & (b))
#define XOR(a, b) ((a) ^ (b))
#define LSH(a, b) (uint32_t)((a) << ((b) & 31))
#define RSH(a, b) ((a) >> ((b) & 31))
#define MOV(a, b) (b)
#define JUMP(operation, condition) \
	case BPF_JMP | operation | BPF_X: pc += r[i->dst_reg] condition r[i->src_reg] ? i->off + 1 : 1; continue; \
	case BPF_JMP | operation | BPF_K: pc += r[i->dst_reg] condition (uint64_t)(int64_t)i->imm ? i->off + 1 : 1; continue;
#define MEMORY(size, type) \
	case BPF_LDX | BPF_MEM | size: r[i->dst_reg] = *(type *)at(r[i->src_reg] + i->off, sizeof(type)); pc++; continue; \
	case BPF_STX | BPF_MEM | size: *(type *)at(r[i->dst_reg] + i->off, sizeof(type)) = r[i->src_reg]; pc++; continue; \
	case BPF_ST | BPF_MEM | size: *(type *)at(r[i->dst_reg] + i->off, sizeof(type)) = i->imm; pc++; continue;

static uint64_t interpret(const struct bpf_insn *code, uint64_t budget)
{
	uint64_t r[11] = { [10] = (uint64_t)(uintptr_t)(stack + STACK_SIZE) };
	int pc = 0;

	for (;;) {
		const struct bpf_insn *i = code + pc;

		if (budget-- == 0) bench_check(false, "the program has an end");
		switch (i->code) {
		ALU(BPF_ADD, ADD, +=)
		ALU(BPF_SUB, SUB, -=)
		ALU(BPF_MUL, MUL, *=)
		ALU(BPF_OR, OR, |=)
		ALU(BPF_AND, AND, &=)
		ALU(BPF_XOR, XOR, ^=)
		ALU(BPF_LSH, LSH, <<=)
		ALU(BPF_RSH, RSH, >>=)
		ALU(BPF_MOV, MOV, =)
		JUMP(BPF_JEQ, ==)
		JUMP(BPF_JNE, !=)
		JUMP(BPF_JGT, >)
		JUMP(BPF_JGE, >=)
		JUMP(BPF_JLT, <)
		JUMP(BPF_JLE, <=)
		MEMORY(BPF_B, uint8_t)
		MEMORY(BPF_H, uint16_t)
		MEMORY(BPF_W, uint32_t)
		MEMORY(BPF_DW, uint64_t)
		case BPF_JMP | BPF_JA: pc += i->off + 1; continue;
		case BPF_JMP | BPF_EXIT: return r[0];
		default: bench_check(false, "the instruction is known");
		}
	}
}

static void run(void *context)
{
	*(uint64_t *)context = interpret(program, INSTRUCTIONS);
}

void bench_interpreter(void)
{
	static uint64_t result;

	bench_measure(&(struct bench){ "interpret an instruction", run, NULL, &result, INSTRUCTIONS });
}
