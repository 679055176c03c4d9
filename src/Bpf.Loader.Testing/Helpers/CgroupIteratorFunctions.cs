using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that programs go through the tree of cgroups with (Linux 6.7), as the test's <c>cgroup_subsys_state</c> objects form it.</summary>
internal static class CgroupIteratorFunctions
{
    // BPF_CGROUP_ITER_DESCENDANTS_PRE, BPF_CGROUP_ITER_DESCENDANTS_POST, BPF_CGROUP_ITER_ANCESTORS_UP.
    private const uint ParentsFirst = 2, ChildrenFirst = 3, Ancestors = 4;

    // Lists that were made to be endless end here.
    private const int Maximum = 1 << 16;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_iter_css_new"] = static call =>
        {
            uint flags = (uint)call[3];
            bool isValid = flags is ParentsFirst or ChildrenFirst or Ancestors;
            call.Write(1, new State { Start = isValid ? call[2] : 0, Flags = flags });
            return isValid ? 0 : unchecked((ulong)Error.Invalid);
        };
        functions["bpf_iter_css_next"] = static call =>
        {
            State state = call.Read<State>(1);
            if (state.Start == 0) return 0;
            List<ulong> found = [];
            if (state.Flags == Ancestors) AddAncestors(call, state.Start, found);
            else AddDescendants(call, state.Start, state.Flags == ParentsFirst, found);
            if (state.Next >= (uint)found.Count) return 0;
            ulong next = found[(int)state.Next++];
            call.Write(1, state);
            return next;
        };
        functions["bpf_iter_css_destroy"] = static _ => 0;
    }

    private static void AddAncestors(BpfCall call, ulong css, List<ulong> found)
    {
        int parent = OffsetOf(call, "parent");
        for (; css != 0 && found.Count < Maximum; css = Follow(call, css + (ulong)parent)) found.Add(css);
    }

    // Each with the children that are still to come; children are linked by their siblings.
    private static void AddDescendants(BpfCall call, ulong root, bool parentsFirst, List<ulong> found)
    {
        ulong children = (ulong)OffsetOf(call, "children"), sibling = (ulong)OffsetOf(call, "sibling");
        Stack<(ulong Css, ulong Child)> path = [];
        int steps = 0;
        Enter(call, root);
        while (path.TryPop(out (ulong Css, ulong Child) at) && steps++ < Maximum)
        {
            if (at.Child == 0 || at.Child == at.Css + children)
            {
                if (!parentsFirst) found.Add(at.Css);
                continue;
            }

            path.Push((at.Css, Follow(call, at.Child)));
            Enter(call, at.Child - sibling);
        }

        void Enter(BpfCall call, ulong css)
        {
            if (parentsFirst) found.Add(css);
            path.Push((css, Follow(call, css + children)));
        }
    }

    private static ulong Follow(BpfCall call, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        return call.Executor.TryPeek(address, bytes) ? MemoryMarshal.Read<ulong>(bytes) : 0;
    }

    private static int OffsetOf(BpfCall call, string member)
    {
        BtfReader types = call.Machine.Types.Kernel;
        if (!types.TryFind("cgroup_subsys_state", BtfKind.Struct, out BtfTypeId id) || types[id].Members.Count == 0)
            throw call.Refuse("the machine's kernel types have no struct cgroup_subsys_state: give it those of a whole kernel");
        return MemberPath.Find(types, types[id], member).Offset;
    }

    // In place of struct bpf_iter_css_kern, and as large.
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct State
    {
        public ulong Start;
        public uint Next;
        public uint Flags;
    }
}
