using System;
using System.Collections.Generic;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions of lists (Linux 6.2) and trees (6.3) of a program's own objects.</summary>
internal static class CollectionFunctions
{
    // struct bpf_list_head and struct bpf_rb_root.
    private const int HeadSize = 16;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_list_push_front_impl"] = static call => Push(call, first: true);
        functions["bpf_list_push_back_impl"] = static call => Push(call, first: false);
        functions["bpf_list_pop_front"] = static call => Pop(call, first: true);
        functions["bpf_list_pop_back"] = static call => Pop(call, first: false);
        functions["bpf_list_front"] = static call => call.Machine.Objects.ListAt(Head(call)).First?.Value ?? 0;
        functions["bpf_list_back"] = static call => call.Machine.Objects.ListAt(Head(call)).Last?.Value ?? 0;
        functions["bpf_rbtree_add_impl"] = Add;
        functions["bpf_rbtree_remove"] = Remove;
        functions["bpf_rbtree_first"] = static call => call.Machine.Objects.TreeAt(Head(call)) is [ulong first, ..] ? first : 0;
        functions["bpf_rbtree_root"] = static call => Node(call.Machine.Objects.TreeAt(Head(call)), 0, int.MaxValue);
        functions["bpf_rbtree_left"] = static call => Child(call, left: true);
        functions["bpf_rbtree_right"] = static call => Child(call, left: false);
    }

    // The verifier wants the lock that lies in the same value or object (check_reg_allocation_locked of kernel/bpf/verifier.c).
    private static ulong Head(BpfCall call)
    {
        _ = call.Write(1, HeadSize);
        if (call.Machine.HeldLock is not { } held || MachineMemory.IndexOf(held) != MachineMemory.IndexOf(call[1]))
            throw call.Executor.Fault(BpfDiagnosticId.LockMisused, "reaches into a list or tree without the lock that lies beside it");
        return call[1];
    }

    // __bpf_list_add of kernel/bpf/helpers.c: what is in a list already is dropped.
    private static ulong Push(BpfCall call, bool first)
    {
        if (!TryOwn(call, SpecialFieldKind.ListNode)) return unchecked((ulong)Error.Invalid);
        LinkedList<ulong> list = call.Machine.Objects.ListAt(call[1]);
        if (first) list.AddFirst(call[2]);
        else list.AddLast(call[2]);
        return 0;
    }

    private static ulong Pop(BpfCall call, bool first)
    {
        LinkedList<ulong> list = call.Machine.Objects.ListAt(Head(call));
        if ((first ? list.First : list.Last) is not { } node) return 0;
        list.Remove(node);
        return Disown(call, node.Value);
    }

    // __bpf_rbtree_add: behind all that it is not less than.
    private static ulong Add(BpfCall call)
    {
        if (!TryOwn(call, SpecialFieldKind.TreeNode)) return unchecked((ulong)Error.Invalid);
        List<ulong> tree = call.Machine.Objects.TreeAt(call[1]);
        int low = 0, high = tree.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (call.CallBack(3, call[2], tree[middle]) != 0) high = middle;
            else low = middle + 1;
        }

        tree.Insert(low, call[2]);
        return 0;
    }

    private static ulong Remove(BpfCall call)
    {
        LocalObjects objects = call.Machine.Objects;
        if (!objects.IsOwnedBy(call[2], Head(call))) return 0;
        objects.TreeAt(call[1]).Remove(call[2]);
        return Disown(call, call[2]);
    }

    private static bool TryOwn(BpfCall call, SpecialFieldKind kind)
    {
        LocalObjects objects = call.Machine.Objects;
        ulong head = Head(call);
        LocalObject added = objects.FindByLink(call[2], kind) ?? throw call.Refuse($"argument 2 is no {(kind == SpecialFieldKind.ListNode ? "bpf_list_node" : "bpf_rb_node")} of an object that it has made");
        objects.Held--;
        if (objects.TryOwn(call[2], head)) return true;
        objects.Drop(added.Addresses[0]);
        return false;
    }

    private static ulong Disown(BpfCall call, ulong link)
    {
        call.Machine.Objects.Disown(link);
        call.Machine.Objects.Held++;
        return link;
    }

    // The tree is kept in order, and seen as one whose every node is in the middle of what is under it.
    private static ulong Node(List<ulong> tree, int low, int high)
    {
        high = Math.Min(high, tree.Count);
        return low < high ? tree[low + ((high - low) / 2)] : 0;
    }

    private static ulong Child(BpfCall call, bool left)
    {
        LocalObjects objects = call.Machine.Objects;
        if (!objects.IsOwnedBy(call[2], Head(call))) return 0;
        List<ulong> tree = objects.TreeAt(call[1]);
        int low = 0, high = tree.Count, at = tree.IndexOf(call[2]);
        for (int middle = high / 2; middle != at; middle = low + ((high - low) / 2))
        {
            if (at < middle) high = middle;
            else low = middle + 1;
        }

        return left ? Node(tree, low, at) : Node(tree, at + 1, high);
    }
}
