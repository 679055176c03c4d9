/* SPDX-License-Identifier: MIT */
/* Functions to probe: global, so in .dynsym, and static, so in .symtab only. */

__attribute__((noinline)) int uprobe_target_add(int first, int second)
{
	__asm__ volatile("");
	return first + second;
}

__attribute__((noinline)) int uprobe_target_string(const char *text)
{
	__asm__ volatile("" : : "r"(text) : "memory");
	return text[0];
}

__attribute__((noinline, used)) static int uprobe_target_static(int value)
{
	__asm__ volatile("");
	return value * 2;
}

__attribute__((noinline)) int uprobe_target_all(int value)
{
	return uprobe_target_add(value, 1) + uprobe_target_string("probed") + uprobe_target_static(value);
}
