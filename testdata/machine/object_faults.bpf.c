// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// What the verifier refuses of objects of a program's own types: each program does one such thing.
#include "bpf_core.h"
#include "objects.h"

struct local_node {
	u64 key;
	struct bpf_list_node in_list;
	struct bpf_refcount references;
};

struct plain {
	u64 key;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head list __contains(local_node, in_list);

SEC("tc")
int used_after_drop(struct __sk_buff *skb)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	bpf_obj_drop(made);
	return *(volatile u64 *)&made->key;
}

SEC("tc")
int dropped_twice(struct __sk_buff *skb)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	bpf_obj_drop(made);
	bpf_obj_drop(made);
	return 0;
}

SEC("tc")
int kept(struct __sk_buff *skb)
{
	return bpf_obj_new(struct local_node) ? 1 : 0;
}

SEC("tc")
int without_lock(struct __sk_buff *skb)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	return bpf_list_push_back(&list, &made->in_list);
}

SEC("tc")
int behind_object(struct __sk_buff *skb)
{
	struct plain *made = bpf_obj_new(struct plain);
	u64 more = *(volatile u64 *)(made + 1);

	bpf_obj_drop(made);
	return more;
}

SEC("tc")
int no_references(struct __sk_buff *skb)
{
	struct plain *made = bpf_obj_new(struct plain);
	struct plain *again = bpf_refcount_acquire(made);

	bpf_obj_drop(made);
	bpf_obj_drop(again);
	return 0;
}

SEC("tc")
int dropped_in_list(struct __sk_buff *skb)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	bpf_spin_lock(&lock);
	bpf_list_push_back(&list, &made->in_list);
	bpf_spin_unlock(&lock);
	bpf_obj_drop(made);
	return 0;
}

extern void *bpf_percpu_obj_new_impl(u64 type, void *meta) __ksym;
extern void bpf_percpu_obj_drop_impl(void *object, void *meta) __ksym;

SEC("tc")
int percpu_touched(struct __sk_buff *skb)
{
	struct plain *made = bpf_percpu_obj_new_impl(core_type_id_local(struct plain), NULL);

	return *(volatile u64 *)&made->key;
}

SEC("tc")
int percpu_kept(struct __sk_buff *skb)
{
	return bpf_percpu_obj_new_impl(core_type_id_local(struct plain), NULL) ? 1 : 0;
}

SEC("tc")
int percpu_dropped_as_other(struct __sk_buff *skb)
{
	struct plain *made = bpf_percpu_obj_new_impl(core_type_id_local(struct plain), NULL);

	bpf_obj_drop(made);
	return 0;
}

SEC("tc")
int percpu_with_node(struct __sk_buff *skb)
{
	bpf_percpu_obj_drop_impl(bpf_percpu_obj_new_impl(core_type_id_local(struct local_node), NULL), NULL);
	return 0;
}

LICENSE;
