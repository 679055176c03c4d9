using System;
using System.Collections.Generic;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Symbols;

public sealed partial class Symbolizer
{
    /// <summary>Gives a stack its names.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="user">The addresses in the process, innermost first as the kernel gives them; may be empty.</param>
    /// <param name="kernel">The addresses in the kernel, innermost first; may be empty.</param>
    /// <param name="root">What stands outermost, such as the name of the thread; null for nothing.</param>
    /// <param name="startTime">As for <see cref="Find(int, ulong, ulong)"/>.</param>
    public CallStack Resolve(int processId, ReadOnlySpan<ulong> user, ReadOnlySpan<ulong> kernel, string? root = null, ulong startTime = 0)
    {
        var frames = new List<CallFrame>(user.Length + kernel.Length + 1);
        if (root is not null) frames.Add(CallFrame.Named(root));
        AddUser(frames, processId, user, startTime);
        AddKernel(frames, kernel);
        return new CallStack(frames) { ProcessId = processId };
    }

    /// <summary>Reads a stack that a program kept in a map with <c>bpf_get_stackid</c>, and gives it its names.</summary>
    /// <param name="stacks">The map.</param>
    /// <param name="processId">The process.</param>
    /// <param name="userStack">
    /// The id of the stack in the process: -EFAULT (-14) for none, as of a thread of the kernel; another negative number is why it was lost, and
    /// becomes a frame that says so.
    /// </param>
    /// <param name="kernelStack">The id of the stack in the kernel, with the same meaning; -EFAULT of a sample that interrupted the process itself.</param>
    /// <param name="root">What stands outermost, such as the name of the thread; null for nothing.</param>
    /// <param name="startTime">As for <see cref="Find(int, ulong, ulong)"/>.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public CallStack Resolve(BpfStackTraces stacks, int processId, int userStack, int kernelStack, string? root = null, ulong startTime = 0)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        List<CallFrame> frames = [];
        if (root is not null) frames.Add(CallFrame.Named(root));
        if (stacks.HasBuildIds)
        {
            // The kernel has build ids of the process's stack only.
            AddBuildIds(frames, stacks, userStack);
        }
        else
        {
            ulong[] addresses = new ulong[stacks.MaxDepth];
            AddUser(frames, processId, Read(frames, stacks, userStack, "user", addresses), startTime);
            AddKernel(frames, Read(frames, stacks, kernelStack, "kernel", addresses));
        }

        // Of a process that just begins or ends, nothing can be told.
        if (frames.Count == (root is null ? 0 : 1)) frames.Add(CallFrame.Named("[no stack]"));
        return new CallStack(frames) { ProcessId = processId };
    }

    private void AddUser(List<CallFrame> frames, int processId, ReadOnlySpan<ulong> addresses, ulong startTime)
    {
        for (int i = addresses.Length - 1; i >= 0; i--) frames.Add(new CallFrame(addresses[i], Find(processId, CodeAt(addresses, i), startTime)));
    }

    private void AddKernel(List<CallFrame> frames, ReadOnlySpan<ulong> addresses)
    {
        for (int i = addresses.Length - 1; i >= 0; i--) frames.Add(new CallFrame(addresses[i], FindKernel(CodeAt(addresses, i))));
    }

    // All but the innermost are where a call returns to, which may be the beginning of another function: one byte back is the call.
    private static ulong CodeAt(ReadOnlySpan<ulong> addresses, int index) => index == 0 || addresses[index] == 0 ? addresses[index] : addresses[index] - 1;

    private void AddBuildIds(List<CallFrame> frames, BpfStackTraces stacks, int id)
    {
        var ids = new BpfStackBuildId[stacks.MaxDepth];
        if (!stacks.TryGet(id, ids, out int depth))
        {
            AddLoss(frames, "user", id);
            return;
        }

        for (int i = depth - 1; i >= 0; i--)
        {
            ref readonly BpfStackBuildId frame = ref ids[i];
            ulong back = i == 0 ? 0UL : 1;
            frames.Add(frame.IsValid
                ? new CallFrame(frame.Offset, FindByBuildId(Convert.ToHexStringLower(frame.BuildId), frame.Offset - back))
                : new CallFrame(frame.Address, Find(frame)));
        }
    }

    private static ReadOnlySpan<ulong> Read(List<CallFrame> frames, BpfStackTraces stacks, int id, string kind, ulong[] addresses)
    {
        if (stacks.TryGet(id, addresses, out int depth)) return addresses.AsSpan(0, depth);
        AddLoss(frames, kind, id);
        return [];
    }

    // EFAULT: there is no such stack. EEXIST: another stack has the place, for the map is a hash table that keeps one in each.
    private static void AddLoss(List<CallFrame> frames, string kind, int id)
    {
        if (id == -(int)Errno.EFAULT) return;
        frames.Add(CallFrame.Named(id < 0 ? $"[{kind} stack lost: {(Errno)(-id)}]" : $"[{kind} stack lost]"));
    }
}
