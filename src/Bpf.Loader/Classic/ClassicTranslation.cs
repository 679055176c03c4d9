using System;
using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Classic;

/// <summary>A filter in the instructions of BPF.</summary>
public sealed class ClassicTranslation
{
    internal ClassicTranslation(BpfInstruction[] instructions, IReadOnlyDictionary<int, ClassicExtension> internalCalls, int[] origins)
    {
        Instructions = instructions;
        InternalCalls = internalCalls;
        Origins = origins;
    }

    /// <summary>
    /// The instructions. Those of a filter of packets are a program of type <see cref="BpfProgramType.SocketFilter"/>, whose loads at fixed
    /// offsets are those of <c>struct __sk_buff</c> instead of the kernel's own <c>struct sk_buff</c>; those of system calls load from
    /// <c>struct seccomp_data</c>, and are a program of no type that may be loaded.
    /// </summary>
    public ReadOnlyMemory<BpfInstruction> Instructions { get; }

    /// <summary>
    /// The calls of functions that the kernel calls for an extension and keeps from programs, by the index of their instruction; the
    /// function gets the context, A and X in R1 to R3. A program with such a call cannot be loaded.
    /// </summary>
    public IReadOnlyDictionary<int, ClassicExtension> InternalCalls { get; }

    /// <summary>The index of the filter's instruction that each instruction was made of; -1 for those at the beginning that set up registers.</summary>
    public IReadOnlyList<int> Origins { get; }
}
