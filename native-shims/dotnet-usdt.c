/* SPDX-License-Identifier: MIT */
/*
 * USDT probes that .NET code fires, by calling these functions: libdotnet-usdt.so. Any BPF tool sees them. A probe is a nop
 * and a note that says where it is, where its arguments are, and which variable counts its listeners (its semaphore). The
 * caller reads that variable before it makes the call, so that a probe without a listener costs no call.
 *
 *   dotnet:begin(long id, const char *name)
 *   dotnet:end(long id, const char *name, long nanoseconds)
 */
#define EXPORT __attribute__((visibility("default")))

/* Hidden, so that the note holds its address in the file, as readers of notes want it. */
#define SEMAPHORE(name) __attribute__((section(".probes"), used, visibility("hidden"))) unsigned short dotnet_##name##_listeners

/* The note: its sizes and type, the addresses of the nop, of .stapsdt.base and of the semaphore, and three texts. */
#define PROBE(name, arguments)                                    \
	"990: nop\n"                                              \
	".pushsection .note.stapsdt, \"\", \"note\"\n"            \
	".balign 4\n"                                             \
	".4byte 992f - 991f, 994f - 993f, 3\n"                    \
	"991: .asciz \"stapsdt\"\n"                               \
	"992: .balign 4\n"                                        \
	"993: .8byte 990b, usdt_base, dotnet_" name "_listeners\n" \
	".asciz \"dotnet\", \"" name "\", \"" arguments "\"\n"    \
	"994: .balign 4\n"                                        \
	".popsection\n"

/* Where it is at run time tells how far the library was moved since the notes were written, by prelinking for example. */
__asm__(".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n"
	".weak usdt_base\n"
	".hidden usdt_base\n"
	"usdt_base: .space 1\n"
	".size usdt_base, 1\n"
	".popsection\n");

SEMAPHORE(begin);
SEMAPHORE(end);

EXPORT const unsigned short *dotnet_usdt_begin_semaphore(void) { return &dotnet_begin_listeners; }
EXPORT const unsigned short *dotnet_usdt_end_semaphore(void) { return &dotnet_end_listeners; }

EXPORT void dotnet_usdt_begin(long id, const char *name)
{
	__asm__ volatile(PROBE("begin", "-8@%0 8@%1") : : "r"(id), "r"(name));
}

EXPORT void dotnet_usdt_end(long id, const char *name, long nanoseconds)
{
	__asm__ volatile(PROBE("end", "-8@%0 8@%1 -8@%2") : : "r"(id), "r"(name), "r"(nanoseconds));
}
