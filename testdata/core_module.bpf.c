// SPDX-License-Identifier: MIT OR GPL-2.0-only
// A type that Debian's kernels have only in a module (veth), and a function of that module.
#include "bpf_core.h"

struct net_device;

struct veth_priv {
	struct net_device *peer;
	unsigned int requested_headroom;
} __core;

u64 exists, size, offset;

SEC("raw_tp/sched_process_exec")
int look(void *ctx)
{
	struct veth_priv *priv = NULL;

	exists = core_type_exists(struct veth_priv);
	size = core_type_size(struct veth_priv);
	if (core_field_exists(priv->requested_headroom))
		offset = core_byte_offset(priv->requested_headroom);
	return 0;
}

LICENSE;
