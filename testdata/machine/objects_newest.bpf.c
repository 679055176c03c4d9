// SPDX-License-Identifier: MIT OR GPL-2.0-only
// except: clang-14 be
// Looks into lists and trees that take nothing out (Linux 6.16): what each program returns is the same in the kernel.
#include "bpf_core.h"
#include "objects.h"

struct local_node {
	u64 key;
	struct bpf_list_node in_list;
	struct bpf_rb_node in_tree;
	struct bpf_refcount references;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head list __contains(local_node, in_list);
private(A) struct bpf_rb_root tree __contains(local_node, in_tree);

extern struct bpf_list_node *bpf_list_front(struct bpf_list_head *head) __ksym;
extern struct bpf_list_node *bpf_list_back(struct bpf_list_head *head) __ksym;
extern struct bpf_rb_node *bpf_rbtree_root(struct bpf_rb_root *root) __ksym;
extern struct bpf_rb_node *bpf_rbtree_left(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym;
extern struct bpf_rb_node *bpf_rbtree_right(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym;

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct local_node, in_tree)->key < container_of(b, struct local_node, in_tree)->key;
}

static __always_inline void empty(void)
{
	struct bpf_list_node *link;
	struct bpf_rb_node *node;

	for (int i = 0; i < 4; i++) {
		bpf_spin_lock(&lock);
		link = bpf_list_pop_front(&list);
		bpf_spin_unlock(&lock);
		if (link)
			bpf_obj_drop(container_of(link, struct local_node, in_list));
	}
	for (int i = 0; i < 4; i++) {
		bpf_spin_lock(&lock);
		node = bpf_rbtree_first(&tree);
		if (!node) {
			bpf_spin_unlock(&lock);
			return;
		}
		node = bpf_rbtree_remove(&tree, node);
		bpf_spin_unlock(&lock);
		if (node)
			bpf_obj_drop(container_of(node, struct local_node, in_tree));
	}
}

static __always_inline int put(u64 key, bool in_tree)
{
	struct local_node *made = bpf_obj_new(struct local_node);

	if (!made)
		return -1;
	made->key = key;
	bpf_spin_lock(&lock);
	if (in_tree)
		bpf_rbtree_add(&tree, &made->in_tree, less);
	else
		bpf_list_push_back(&list, &made->in_list);
	bpf_spin_unlock(&lock);
	return 0;
}

/* The first, the last, and the first once more: it is still there. */
SEC("tc")
int ends(struct __sk_buff *skb)
{
	struct bpf_list_node *link;
	int result = 0;

	empty();
	bpf_spin_lock(&lock);
	if (!bpf_list_front(&list) && !bpf_list_back(&list))
		result = 1;
	bpf_spin_unlock(&lock);
	put(4, false);
	put(5, false);
	put(6, false);
	bpf_spin_lock(&lock);
	link = bpf_list_front(&list);
	if (link)
		result = result * 10 + container_of(link, struct local_node, in_list)->key;
	link = bpf_list_back(&list);
	if (link)
		result = result * 10 + container_of(link, struct local_node, in_list)->key;
	link = bpf_list_front(&list);
	if (link)
		result = result * 10 + container_of(link, struct local_node, in_list)->key;
	bpf_spin_unlock(&lock);
	empty();
	return result;
}

/* The middle one of three, and what is on both of its sides; below those is nothing. */
SEC("tc")
int tree_walk(struct __sk_buff *skb)
{
	struct bpf_rb_node *root, *left, *right;
	int result = 0;

	empty();
	bpf_spin_lock(&lock);
	if (!bpf_rbtree_root(&tree))
		result = 1;
	bpf_spin_unlock(&lock);
	put(7, true);
	put(9, true);
	put(8, true);
	bpf_spin_lock(&lock);
	root = bpf_rbtree_root(&tree);
	if (!root) {
		bpf_spin_unlock(&lock);
		return -1;
	}
	result = result * 10 + container_of(root, struct local_node, in_tree)->key;
	left = bpf_rbtree_left(&tree, root);
	right = bpf_rbtree_right(&tree, root);
	if (left)
		result = result * 10 + container_of(left, struct local_node, in_tree)->key;
	if (right)
		result = result * 10 + container_of(right, struct local_node, in_tree)->key;
	if (left && !bpf_rbtree_left(&tree, left))
		result = result * 10 + 1;
	bpf_spin_unlock(&lock);
	empty();
	return result;
}

LICENSE;
