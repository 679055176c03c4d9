// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// One of every instruction up to Linux 5.12: arithmetic, jumps, atomics, byte swaps, loads and stores of every width.
#include "bpf_helpers.h"

u64 memory[8];

SEC("syscall")
int arithmetic(u64 *ctx)
{
	u64 result;

	__asm__ volatile(
		"r1 = *(u64 *)(r1 + 0)\n r2 = 7\n r3 = 0x1122334455667788 ll\n"
		"r0 = r1\n r0 += r2\n r0 += 5\n r0 -= r2\n r0 -= 5\n r0 *= r2\n r0 *= 5\n r0 /= r2\n r0 /= 5\n"
		"r0 %%= r2\n r0 %%= 5\n r0 |= r2\n r0 |= 5\n r0 &= r3\n r0 &= 255\n r0 ^= r3\n r0 ^= 5\n"
		"r0 <<= r2\n r0 <<= 5\n r0 >>= r2\n r0 >>= 5\n r0 s>>= r2\n r0 s>>= 5\n r0 = -r0\n"
		"w0 = w1\n w0 += w2\n w0 += 5\n w0 -= w2\n w0 -= 5\n w0 *= w2\n w0 *= 5\n w0 /= w2\n w0 /= 5\n"
		"w0 %%= w2\n w0 %%= 5\n w0 |= w2\n w0 |= 5\n w0 &= w3\n w0 &= 255\n w0 ^= w3\n w0 ^= 5\n"
		"w0 <<= w2\n w0 <<= 5\n w0 >>= w2\n w0 >>= 5\n w0 s>>= w2\n w0 s>>= 5\n w0 = -w0\n w0 = 3\n"
		"r3 = be16 r3\n r3 = be32 r3\n r3 = be64 r3\n r3 = le16 r3\n r3 = le32 r3\n r3 = le64 r3\n"
		"r0 += r3\n %0 = r0\n"
		: "=r"(result)
		: "r"(ctx)
		: "r0", "r1", "r2", "r3");
	memory[0] = result;
	return 0;
}

SEC("syscall")
int jumps(u64 *ctx)
{
	u64 result;

	__asm__ volatile(
		"r1 = *(u64 *)(r1 + 0)\n r2 = 7\n r0 = 0\n"
		"if r1 == r2 goto +1\n r0 += 1\n if r1 == 7 goto +1\n r0 += 1\n if r1 != r2 goto +1\n r0 += 1\n"
		"if r1 != 7 goto +1\n r0 += 1\n if r1 > r2 goto +1\n r0 += 1\n if r1 > 7 goto +1\n r0 += 1\n"
		"if r1 >= r2 goto +1\n r0 += 1\n if r1 >= 7 goto +1\n r0 += 1\n if r1 < r2 goto +1\n r0 += 1\n"
		"if r1 < 7 goto +1\n r0 += 1\n if r1 <= r2 goto +1\n r0 += 1\n if r1 <= 7 goto +1\n r0 += 1\n"
		"if r1 s> r2 goto +1\n r0 += 1\n if r1 s> -7 goto +1\n r0 += 1\n if r1 s>= r2 goto +1\n r0 += 1\n"
		"if r1 s>= -7 goto +1\n r0 += 1\n if r1 s< r2 goto +1\n r0 += 1\n if r1 s< -7 goto +1\n r0 += 1\n"
		"if r1 s<= r2 goto +1\n r0 += 1\n if r1 s<= -7 goto +1\n r0 += 1\n if r1 & r2 goto +1\n r0 += 1\n"
		"if r1 & 7 goto +1\n r0 += 1\n if w1 == w2 goto +1\n r0 += 1\n if w1 != 7 goto +1\n r0 += 1\n"
		"if w1 > w2 goto +1\n r0 += 1\n if w1 s< -7 goto +1\n r0 += 1\n if w1 & 7 goto +1\n r0 += 1\n"
		"goto +0\n %0 = r0\n"
		: "=r"(result)
		: "r"(ctx)
		: "r0", "r1", "r2");
	memory[1] = result;
	return 0;
}

SEC("syscall")
int memory_access(u64 *ctx)
{
	u64 *at = memory;

	__asm__ volatile(
		"r2 = 1\n"
		"*(u8 *)(%0 + 16) = r2\n *(u16 *)(%0 + 18) = r2\n *(u32 *)(%0 + 20) = r2\n *(u64 *)(%0 + 24) = r2\n"
		"r3 = *(u8 *)(%0 + 16)\n r3 = *(u16 *)(%0 + 18)\n r3 = *(u32 *)(%0 + 20)\n r3 = *(u64 *)(%0 + 24)\n"
		"*(u64 *)(r10 - 8) = r3\n r3 = *(u64 *)(r10 - 8)\n"
		: "+r"(at)
		:
		: "r2", "r3", "memory");
	return 0;
}

SEC("syscall")
int atomics(u64 *ctx)
{
	u32 *small = (u32 *)&memory[6];

	__sync_fetch_and_add(&memory[4], 1);
	__sync_fetch_and_add(small, 1);
	memory[5] = __sync_fetch_and_add(&memory[4], 2);
	memory[5] += __sync_fetch_and_or(&memory[4], 4);
	memory[5] += __sync_fetch_and_and(&memory[4], 0xff);
	memory[5] += __sync_fetch_and_xor(&memory[4], 0x0f);
	memory[5] += __sync_lock_test_and_set(&memory[4], 9);
	memory[5] += __sync_val_compare_and_swap(&memory[4], 9, 10);
	*small += __sync_val_compare_and_swap(small, 1, 2);
	return 0;
}

SEC("socket")
int packet(struct __sk_buff *skb)
{
	u64 result;

	__asm__ volatile("r6 = %1\n r7 = 4\n r0 = *(u8 *)skb[0]\n r8 = r0\n r0 = *(u16 *)skb[12]\n r8 += r0\n"
			 "r0 = *(u32 *)skb[r7]\n r8 += r0\n %0 = r8\n"
			 : "=r"(result)
			 : "r"(skb)
			 : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8");
	return result;
}

LICENSE;
