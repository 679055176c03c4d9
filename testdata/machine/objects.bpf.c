// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Objects of a program's own types (Linux 6.4), in lists, in trees, in maps: what each program returns is the same in the kernel.
#include "bpf_core.h"
#include "objects.h"

struct local_node {
	u64 key;
	struct bpf_list_node in_list;
	struct bpf_rb_node in_tree;
	struct bpf_refcount references;
};

struct slot {
	struct local_node __kptr *kept;
};

struct {
	__uint(type, HASH);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct slot);
} slots SEC(".maps");

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head list __contains(local_node, in_list);
private(A) struct bpf_rb_root tree __contains(local_node, in_tree);

private(B) struct bpf_spin_lock other_lock;
private(B) struct bpf_rb_root other_tree __contains(local_node, in_tree);

static __always_inline struct local_node *new_node(u64 key)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	if (made)
		made->key = key;
	return made;
}

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct local_node, in_tree)->key / 10 < container_of(b, struct local_node, in_tree)->key / 10;
}

static __always_inline int pop(bool front)
{
	struct bpf_list_node *link;
	struct local_node *taken;
	int key;

	bpf_spin_lock(&lock);
	link = front ? bpf_list_pop_front(&list) : bpf_list_pop_back(&list);
	bpf_spin_unlock(&lock);
	if (!link)
		return 0;
	taken = container_of(link, struct local_node, in_list);
	key = taken->key;
	bpf_obj_drop(taken);
	return key;
}

static __always_inline int take_first(void)
{
	struct bpf_rb_node *link;
	struct local_node *taken;
	int key;

	bpf_spin_lock(&lock);
	link = bpf_rbtree_first(&tree);
	if (!link) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	link = bpf_rbtree_remove(&tree, link);
	bpf_spin_unlock(&lock);
	if (!link)
		return -1;
	taken = container_of(link, struct local_node, in_tree);
	key = taken->key;
	bpf_obj_drop(taken);
	return key;
}

static __always_inline int push(u64 key, bool front)
{
	struct local_node *made = new_node(key);
	int result;

	if (!made)
		return -1;
	bpf_spin_lock(&lock);
	result = front ? bpf_list_push_front(&list, &made->in_list) : bpf_list_push_back(&list, &made->in_list);
	bpf_spin_unlock(&lock);
	return result;
}

static __always_inline int add(u64 key)
{
	struct local_node *made = new_node(key);
	int result;

	if (!made)
		return -1;
	bpf_spin_lock(&lock);
	result = bpf_rbtree_add(&tree, &made->in_tree, less);
	bpf_spin_unlock(&lock);
	return result;
}

/* 1 2 3 4 from the front, the front, the back, and one that is not there. */
SEC("tc")
int list_order(struct __sk_buff *skb)
{
	int result;

	push(2, true);
	push(3, false);
	push(1, true);
	push(4, false);
	result = pop(true);
	result = result * 10 + pop(true);
	result = result * 10 + pop(false);
	result = result * 10 + pop(false);
	return result * 10 + pop(true);
}

/* Equal ones stay in the order in which they came. */
SEC("tc")
int tree_order(struct __sk_buff *skb)
{
	int result;

	add(31);
	add(11);
	add(21);
	add(12);
	add(10);
	result = take_first();
	result = result * 100 + take_first();
	result = result * 100 + take_first();
	result = result * 100 + take_first();
	result = result + take_first() * 7;
	return result + take_first();
}

/* A second push of the same object is refused, and drops that reference. */
SEC("tc")
int pushed_twice(struct __sk_buff *skb)
{
	struct local_node *made = new_node(5), *again;
	int result;

	if (!made)
		return -1;
	again = bpf_refcount_acquire(made);
	bpf_spin_lock(&lock);
	bpf_list_push_back(&list, &made->in_list);
	result = bpf_list_push_back(&list, &again->in_list);
	bpf_spin_unlock(&lock);
	return result * 100 + pop(true) * 10 + pop(true);
}

/* In a list and in a tree; what leaves one stays in the other. */
SEC("tc")
int list_and_tree(struct __sk_buff *skb)
{
	struct local_node *made = new_node(6), *again;

	if (!made)
		return -1;
	again = bpf_refcount_acquire(made);
	bpf_spin_lock(&lock);
	bpf_list_push_back(&list, &made->in_list);
	bpf_rbtree_add(&tree, &again->in_tree, less);
	bpf_spin_unlock(&lock);
	return pop(true) * 100 + take_first() * 10 + take_first();
}

/* A tree gives nothing back that is in another. */
SEC("tc")
int other_root(struct __sk_buff *skb)
{
	struct local_node *made = new_node(7), *again;
	struct bpf_rb_node *link;
	int result = 1;

	if (!made)
		return -1;
	again = bpf_refcount_acquire(made);
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &made->in_tree, less);
	bpf_spin_unlock(&lock);
	bpf_spin_lock(&other_lock);
	bpf_rbtree_add(&other_tree, &again->in_tree, less);
	link = bpf_rbtree_first(&other_tree);
	if (link)
		result = 2;
	bpf_spin_unlock(&other_lock);
	return result * 10 + take_first();
}

/* Kept in an element and taken out again; the element is removed with it. What an earlier run left may still be there, since newer
   kernels drop it only when it is overwritten. */
SEC("tc")
int kept_in_map(struct __sk_buff *skb)
{
	struct local_node *made = new_node(8), *back;
	struct slot empty = {}, *slot;
	u32 key = 1;
	int result = 0;

	if (!made)
		return -1;
	bpf_map_update_elem(&slots, &key, &empty, 0);
	slot = bpf_map_lookup_elem(&slots, &key);
	if (!slot) {
		bpf_obj_drop(made);
		return -2;
	}
	back = bpf_kptr_xchg(&slot->kept, made);
	if (back)
		bpf_obj_drop(back);
	back = bpf_kptr_xchg(&slot->kept, NULL);
	if (back) {
		result += back->key;
		back = bpf_kptr_xchg(&slot->kept, back);
		if (back)
			bpf_obj_drop(back);
	}
	bpf_map_delete_elem(&slots, &key);
	return result;
}

SEC("tc")
int numbers(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int sum = 0, *number;

	bpf_iter_num_new(&it, 3, 8);
	while ((number = bpf_iter_num_next(&it)))
		sum = sum * 10 + *number;
	bpf_iter_num_destroy(&it);
	return sum;
}

LICENSE;
