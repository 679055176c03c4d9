/* SPDX-License-Identifier: MIT */
/*
 * USDT probes to listen to, on x86-64 and arm64: places with the arguments in registers, in memory and as constants, two places of
 * one probe, and a probe with a semaphore. With a number, the program passes its probes that many times and ends; without,
 * once for each line that it reads, answering how many listeners the semaphore counts.
 */
#include <stdio.h>
#include <stdlib.h>

/* On one page wherever it comes to lie. */
long usdt_words[4] __attribute__((aligned(32))) = { 41, 42, 43, 44 };
static long usdt_hidden_word __attribute__((used)) = -45;
__thread long usdt_thread_word = 46;

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

/*
 * Where the arguments are, in the words of the machine's assembler. What "symbols" has is in memory by the name of a variable; its
 * first operand is 1, its second 16, and its third the page of the words. "strange" has places that cannot be read.
 */
#ifdef __aarch64__
#define PLACES "-4@%w0 8@%x1 -2@%2 4@-5 1@%w3 -1@[%x4, 2] 8@[%x4, %x5, lsl 3]"
#define WORD "-4@%w0"
#define CONSTANT "8@99"
#define FAST "nop"
#define SYMBOLS "8@usdt_words 8@[%x2, #:lo12:usdt_words+8] -4@usdt_words+16 8@[%x2, #:lo12:usdt_words+24] 8@usdt_words+8 -8@usdt_hidden_word"
#define STRANGE "8@v0 -4@%w0 8@[%x1, w0, sxtw 3] 8@usdt_nothing 8f@d0 8@[%x1, #:tprel_lo12:usdt_thread_word] 8@[%x1, 8]! -2@%w0"
#else
#define PLACES "-4@%k0 8@%1 -2@%2 4@$-5 1@%b3 -1@2(%4) 8@(%4,%5,8)"
#define WORD "-4@%k0"
#define CONSTANT "8@$99"
/* Where the kernel of Linux 6.18 puts a system call: a nop, and a nop of five bytes. */
#define FAST "nop; .byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
#define SYMBOLS "8@usdt_words(%%rip) 8@8+usdt_words(%%rip) -4@usdt_words + 16 8@usdt_words+16(,%0,8) 8@usdt_words-0x8(%1) -8@usdt_hidden_word(%%rip)"
#define STRANGE "8@%%st -4@%k0 8@%%fs:-8 8@usdt_nothing(%%rip) 8f@%%xmm0 8@usdt_thread_word@tpoff(%%rip) 8@(%1,%1,3) -2@%w0"
#endif

static __attribute__((noinline)) void pass(int first, long second, const char *bytes, long index)
{
	volatile short in_memory = -7;
	long page = (long)usdt_words & ~0xfffL;

	__asm__ volatile("990: nop\n" NOTE("places", "0", PLACES) : : "r"(first), "r"(second), "m"(in_memory), "r"(second), "r"(bytes), "r"(index));
	__asm__ volatile("990: nop\n" NOTE("twice", "0", WORD) : : "r"(first));
	__asm__ volatile("990: nop\n" NOTE("twice", "0", CONSTANT));
	__asm__ volatile("990: " FAST "\n" NOTE("fast", "0", WORD) : : "r"(first));
	/* The second place of the first finds other distances. */
	__asm__ volatile("990: nop\n" NOTE("symbols", "0", SYMBOLS) : : "r"(index), "r"(index * 16), "r"(page));
	__asm__ volatile("nop\n990: nop\n" NOTE("symbols", "0", SYMBOLS) : : "r"(index), "r"(index * 16), "r"(page));
	__asm__ volatile("990: nop\n" NOTE("strange", "0", STRANGE) : : "r"(first), "r"(bytes));
	if (usdt_target_guarded_semaphore)
		__asm__ volatile("990: nop\n" NOTE("guarded", "usdt_target_guarded_semaphore", WORD) : : "r"(first));
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
	(void)*(volatile long *)usdt_words;
	(void)*(volatile long *)&usdt_hidden_word;
	(void)*(volatile long *)&usdt_thread_word;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; rounds < 0 ? fgets(line, sizeof(line), stdin) != NULL : i < rounds; i++) {
		pass(-3, 0x1122334455667788, data.bytes, 1);
		if (rounds < 0)
			printf("%d\n", usdt_target_guarded_semaphore);
	}
	return 0;
}
