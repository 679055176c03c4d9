// SPDX-License-Identifier: MIT OR GPL-2.0-only
// What programs log, of every kind of argument and by both kinds of formats, with the header that the build package brings along.
#include "types.h"
#include "uapi.h"
#include "../src/Bpf.Loader.Build/include/bpf/bpf_log.h"

char _license[] SEC("license") = "GPL";

struct file {
	const char *name;
	struct {
		u32 number;
	} owner;
};

// What the tests set before the run.
u64 user_string = 0;
u32 times = 0;

SEC("raw_tp/sys_enter")
int every_kind(void *ctx)
{
	char name[16] = "cat \x1b[31m";
	u8 mac[6] = {0x02, 0x42, 0xac, 0x11, 0x00, 0xfe};
	struct file file = {.name = "in the kernel", .owner = {.number = 1000}};
	char longest[96] = {};
	s8 small = -3;
	u16 port = 443;
	s64 large = -5000000000;
	bool yes = 1;

	longest[95] = 'z';
	__builtin_memset(longest, 'a', 90);
	bpf_info("opened %s by %d, owner %u", name, 42, file.owner.number);
	bpf_warn("{file} {mac} {longest}: {n,4} {port:x4} {yes} {large} {peer}", bpf_kernel_str(file.name), mac, longest, small, port, yes, large,
		 bpf_ip4(0x0100007f));
	bpf_error("user %-6s|%08x|%p|%c|%%", bpf_user_str(user_string), port, ctx, 'x');
	bpf_debug("only when somebody asks");
	bpf_trace("twelve %d%d%d%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	return 0;
}

SEC("raw_tp/sys_exit")
int many(void *ctx __attribute__((unused)))
{
	for (u32 i = 0; i < 100 && i < times; i++)
		bpf_info("number {i}", i);
	return 0;
}

// A program that may not read memory of others logs numbers and arrays.
SEC("xdp")
int packet(struct xdp_md *ctx)
{
	bpf_warn("packet of %d bytes", ctx->data_end - ctx->data);
	return 2;
}
