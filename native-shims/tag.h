/* SPDX-License-Identifier: MIT */
/* The tag of a program, as the kernel computes it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The first eight bytes of SHA-1 (Linux up to 6.17) and SHA-256 (from 6.18 on), in hex. */
void tag_sha1(const void *data, size_t size, char hex[17]);
void tag_sha256(const void *data, size_t size, char hex[17]);
