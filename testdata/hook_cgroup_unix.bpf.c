// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Unix sockets of a cgroup (Linux 6.7): whatever the address, it becomes another.
#include "bpf_helpers.h"

struct bpf_sock_addr_kern {
	void *sk;
};

extern void *bpf_cast_to_kern_ctx(void *context) __ksym;
extern int bpf_sock_addr_set_sun_path(struct bpf_sock_addr_kern *context, const u8 *path, u32 path__sz) __ksym;

const volatile u64 other[2] = { 1, 2 };

static __always_inline int rename(struct bpf_sock_addr *ctx)
{
	u64 path[2] = { other[0], other[1] }; /* the verifier wants memory that may be written */

	return bpf_sock_addr_set_sun_path(bpf_cast_to_kern_ctx(ctx), (const u8 *)path, sizeof(path));
}

SEC("cgroup/connect_unix")
int connect_unix(struct bpf_sock_addr *ctx)
{
	return rename(ctx) == 0;
}

SEC("cgroup/sendmsg_unix")
int sendmsg_unix(struct bpf_sock_addr *ctx)
{
	return rename(ctx) == 0;
}

SEC("cgroup/recvmsg_unix")
int recvmsg_unix(struct bpf_sock_addr *ctx)
{
	rename(ctx);
	return 1;
}

SEC("cgroup/getpeername_unix")
int getpeername_unix(struct bpf_sock_addr *ctx)
{
	rename(ctx);
	return 1;
}

SEC("cgroup/getsockname_unix")
int getsockname_unix(struct bpf_sock_addr *ctx)
{
	rename(ctx);
	return 1;
}

LICENSE;
