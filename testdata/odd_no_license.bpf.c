// SPDX-License-Identifier: MIT OR GPL-2.0-only
// No license section: fine as long as no helper is for GPL programs only.
#include "bpf_helpers.h"

SEC("socket")
int length(struct __sk_buff *skb)
{
	return skb->len;
}
