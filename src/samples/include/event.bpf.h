/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#pragma once

/*
 * Says of what type the records of a ring or perf buffer are, by a constant pointer that is called MAP_event and never read:
 * so the type is in the object's BTF, and the skeleton gets a struct for it.
 */
#define __event(map, type) const type *const map##_event __attribute__((unused)) = (void *)0
