using System;
using System.Collections.Generic;
using Bpf.Loader.Maps;
using Bpf.Samples.Symbols;
using static Bpf.Samples.Profile;

namespace Bpf.Samples;

/// <summary>Gives the addresses of the sampled stacks their names.</summary>
internal sealed class StackReader
{
    private readonly SymbolTable _kernel = KernelNames.Read();
    private readonly Dictionary<uint, ProcessNames> _processes = [];
    private readonly ElfNames _files = new();
    private readonly BpfStackTraces _stacks;
    private readonly ulong[] _addresses;

    private StackReader(BpfStackTraces stacks) => (_stacks, _addresses) = (stacks, new ulong[stacks.MaxDepth]);

    /// <summary>Reads what was counted, as a tree.</summary>
    public static StackTree Read(Profile bpf)
    {
        var reader = new StackReader(bpf.Maps.Stacks);
        var tree = new StackTree("all");
        foreach ((StackKey key, ulong count) in bpf.Maps.Counts)
            tree.Add(reader.Frames(key), (long)count);
        return tree;
    }

    // From the outside in, as a flame graph grows: the process, its functions, and those of the kernel that they called.
    private List<string> Frames(StackKey key)
    {
        List<string> frames = [key.Comm.ToString()];
        if (!_processes.TryGetValue(key.Pid, out ProcessNames? process))
            _processes.Add(key.Pid, process = ProcessNames.Read(key.Pid, _files));
        foreach (ulong address in Addresses(key.UserStack))
            frames.Add(process.Find(address));
        foreach (ulong address in Addresses(key.KernelStack))
            frames.Add(_kernel.Find(address) is string name ? $"{name}_[k]" : "[kernel]");
        return frames;
    }

    // The kernel gives the innermost first; a negative id says that there is no such stack.
    private ReadOnlySpan<ulong> Addresses(int id)
    {
        if (!_stacks.TryGet(id, _addresses, out int depth))
            return [];
        Span<ulong> stack = _addresses.AsSpan(0, depth);

        // All but the innermost are where a call returns to: one byte back is the call.
        for (int i = 1; i < stack.Length; i++)
            stack[i]--;
        stack.Reverse();
        return stack;
    }
}
