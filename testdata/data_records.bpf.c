// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A record with what travels: texts, enums, bit-fields, unions, and addresses and ports as they are on the wire, by type and by tag.
#include "bpf_helpers.h"

typedef u16 __be16;
typedef u32 __be32;
typedef u64 __be64;

#define __ipv4 __attribute__((btf_decl_tag("format:ipv4")))
#define __ipv6 __attribute__((btf_decl_tag("format:ipv6")))
#define __network __attribute__((btf_decl_tag("format:network")))

struct in_addr {
	__be32 s_addr;
};

struct in6_addr {
	union {
		u8 u6_addr8[16];
		__be16 u6_addr16[8];
		__be32 u6_addr32[4];
	} in6_u;
};

typedef u8 raw_ip6[16] __ipv6;

enum verdict { VERDICT_PASS = 1, VERDICT_DROP = 2, VERDICT_LATER = -1 };
enum kept { KEPT_ONE = 1, KEPT_TWO };

struct endpoint {
	__be16 port;
	__be32 address;
};

struct record {
	u64 time;
	s64 offset;
	u32 pid;
	char comm[16];
	char names[2][8];
	enum verdict verdict;
	u32 flags : 3;
	s32 level : 5;
	bool known : 1;
	enum verdict second : 4;
	bool is_set;
	char letter;
	u8 bytes[4];
	u32 counts[3];
	__be32 saddr;
	__be32 daddr;
	__be32 sequence __network;
	__be16 sport;
	__be64 key;
	struct in_addr gateway;
	struct in6_addr source;
	u8 destination[16] __ipv6;
	raw_ip6 router;
	u32 plain __ipv4;
	u16 number __network;
	__be32 hops[2];
	struct endpoint local;
	struct endpoint peers[2];
	union {
		u32 v4 __ipv4;
		u8 v6[16] __ipv6;
	} either;
	union {
		char text[8];
		u64 whole;
	};
	void *pointer;
	unsigned __int128 wide;
	u64 large;
};

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__event(events, struct record);

static const enum kept *const kept __attribute__((used)) = NULL;

static const struct record first = {
	.time = 1000,
	.offset = -5,
	.pid = 42,
	.comm = "sh\"\x01",
	.names = { "one", "eightlet" },
	.verdict = VERDICT_DROP,
	.flags = 5,
	.level = -3,
	.known = 1,
	.second = VERDICT_PASS,
	.is_set = 1,
	.letter = 'x',
	.bytes = { 1, 2, 3, 255 },
	.counts = { 7, 8, 9 },
	.saddr = __builtin_bswap32(0x0a000001),
	.daddr = __builtin_bswap32(0xc0a80002),
	.sequence = __builtin_bswap32(77),
	.sport = __builtin_bswap16(443),
	.key = __builtin_bswap64(12),
	.gateway = { __builtin_bswap32(0x0a0000fe) },
	.source = { .in6_u = { .u6_addr8 = { 0xfe, 0x80, [15] = 1 } } },
	.destination = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 },
	.router = { [15] = 1 },
	.plain = __builtin_bswap32(0x7f000001),
	.number = __builtin_bswap16(8080),
	.hops = { __builtin_bswap32(0x01010101), __builtin_bswap32(0x08080808) },
	.local = { __builtin_bswap16(53), __builtin_bswap32(0x7f000035) },
	.peers = { { __builtin_bswap16(1), __builtin_bswap32(0x02020202) } },
	.either = { .v6 = { 10, 1, 2, 3, [15] = 4 } },
	.text = "abc",
	.pointer = (void *)0xffff888000000010,
	.wide = ((unsigned __int128)1 << 64) | 2,
	.large = 0xfedcba9876543210,
};

SEC("syscall")
int send(void *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record)
		return 1;
	*record = first;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

LICENSE;
