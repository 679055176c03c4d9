// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The kernel's configuration, every type that it can have.
#include "bpf_helpers.h"

enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_VETH __kconfig __weak;
extern enum libbpf_tristate CONFIG_BPF_JIT __kconfig;
extern int CONFIG_HZ __kconfig;
extern unsigned long CONFIG_LOG_BUF_SHIFT __kconfig;
extern short CONFIG_NR_CPUS __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig;
extern char CONFIG_CC_VERSION_TEXT[8] __kconfig __weak;
extern char CONFIG_NET __kconfig;
extern int CONFIG_BPF_LOADER_MISSING __kconfig __weak;
extern bool LINUX_BPF_LOADER_UNHEARD_OF __kconfig __weak;

u64 version, hz, log_shift, missing, cpus;
u32 flags, veth, jit;
char hostname[16], compiler[8];

SEC("syscall")
int copy(void *ctx)
{
	version = LINUX_KERNEL_VERSION;
	hz = CONFIG_HZ;
	log_shift = CONFIG_LOG_BUF_SHIFT;
	missing = CONFIG_BPF_LOADER_MISSING + LINUX_BPF_LOADER_UNHEARD_OF;
	cpus = CONFIG_NR_CPUS;
	flags = CONFIG_BPF_SYSCALL | LINUX_HAS_BPF_COOKIE << 1 | LINUX_HAS_SYSCALL_WRAPPER << 2 | (CONFIG_NET == 'y') << 3;
	veth = CONFIG_VETH;
	jit = CONFIG_BPF_JIT;
	for (int i = 0; i < sizeof(hostname); i++)
		hostname[i] = CONFIG_DEFAULT_HOSTNAME[i];
	for (int i = 0; i < sizeof(compiler); i++)
		compiler[i] = CONFIG_CC_VERSION_TEXT[i];
	return 0;
}

LICENSE;
