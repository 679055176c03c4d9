/* SPDX-License-Identifier: MIT */
/*
 * USDT probes to listen to, for x86-64: places with the arguments in registers, in memory and as constants, two places of
 * one probe, and a probe with a semaphore. With a number, the program passes its probes that many times and ends; without,
 * once for each line that it reads, answering how many listeners the semaphore counts.
 */
#include <stdio.h>
#include <stdlib.h>

unsigned short usdt_target_guarded_semaphore __attribute__((section(".probes"), used));

/* The notes of a probe: address, base, semaphore, provider, name, and where the arguments are. */
#define NOTE(name, semaphore, arguments)                                                               \
	".pushsection .note.stapsdt, \"\", \"note\"\n"                                                  \
	".balign 4\n"                                                                                   \
	".4byte 992f - 991f, 994f - 993f, 3\n"                                                          \
	"991: .asciz \"stapsdt\"\n"                                                                     \
	"992: .balign 4\n"                                                                              \
	"993: .8byte 990b, usdt_base, " semaphore "\n"                                                  \
	".asciz \"usdt_target\", \"" name "\", \"" arguments "\"\n"                                     \
	"994: .balign 4\n"                                                                              \
	".popsection\n"

__asm__(".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n"
	".weak usdt_base\n"
	".hidden usdt_base\n"
	"usdt_base: .space 1\n"
	".size usdt_base, 1\n"
	".popsection\n");

static __attribute__((noinline)) void pass(int first, long second, const char *bytes, long index)
{
	volatile short in_memory = -7;

	__asm__ volatile("990: nop\n" NOTE("places", "0", "-4@%k0 8@%1 -2@%2 4@$-5 1@%b3 -1@2(%4) 8@(%4,%5,8)")
			 : : "r"(first), "r"(second), "m"(in_memory), "r"(second), "r"(bytes), "r"(index));
	__asm__ volatile("990: nop\n" NOTE("twice", "0", "-4@%k0") : : "r"(first));
	__asm__ volatile("990: nop\n" NOTE("twice", "0", "8@$99"));
	/* Where the kernel of Linux 6.18 puts a system call: a nop, and a nop of five bytes. */
	__asm__ volatile("990: nop; .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n" NOTE("fast", "0", "-4@%k0") : : "r"(first));
	if (usdt_target_guarded_semaphore)
		__asm__ volatile("990: nop\n" NOTE("guarded", "usdt_target_guarded_semaphore", "-4@%k0") : : "r"(first));
}

int main(int argc, char **argv)
{
	static const union {
		char bytes[32];
		long words[4];
	} data = { .bytes = "ab\xf0" "d123" "ABCDEFGH" };
	char line[64];
	char touched = *(const volatile char *)data.bytes; /* a BPF program cannot read a page that was never used */
	int rounds = argc > 1 ? atoi(argv[1]) : -1;

	(void)touched;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; rounds < 0 ? fgets(line, sizeof(line), stdin) != NULL : i < rounds; i++) {
		pass(-3, 0x1122334455667788, data.bytes, 1);
		if (rounds < 0)
			printf("%d\n", usdt_target_guarded_semaphore);
	}
	return 0;
}
