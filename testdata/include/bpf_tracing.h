/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Arguments of a probed function, x86-64. */
#pragma once

#include "bpf_helpers.h"

#define PT_REGS_PARM1(regs) ((regs)->di)
#define PT_REGS_PARM2(regs) ((regs)->si)
#define PT_REGS_PARM3(regs) ((regs)->dx)
#define PT_REGS_RC(regs) ((regs)->ax)
#define PT_REGS_IP(regs) ((regs)->ip)
