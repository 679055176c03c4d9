/* SPDX-License-Identifier: MIT */
/* A 32-bit process to probe, without a C library: calls its functions as often as its first argument's digit says. */

__attribute__((noinline)) int uprobe_target_32(int value)
{
	__asm__ volatile("");
	return value + 1;
}

__attribute__((used)) void run(int *stack)
{
	int count = stack[0] > 1 ? *(char *)stack[2] - '0' : 0, sum = 0;

	for (int i = 0; i < count; i++)
		sum = uprobe_target_32(sum);
	__asm__ volatile("int $0x80" : : "a"(1), "b"(sum == count ? 0 : 1));
	__builtin_unreachable();
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tpush %eax\n\tcall run\n");
