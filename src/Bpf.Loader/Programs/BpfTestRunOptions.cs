using System;

namespace Bpf.Loader;

/// <summary>The input of a program that is run without its hook.</summary>
public sealed record BpfTestRunOptions
{
    /// <summary>
    /// The packet, from its Ethernet header on; at least 14 bytes for types that take one. Empty is 14 zero bytes for those, and 34 for
    /// <see cref="BpfProgramType.Netfilter"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>How many bytes of the packet are wanted back; null for all, and some room for it to grow.</summary>
    public int? OutputSize { get; init; }

    /// <summary>The context: a <c>__sk_buff</c> or <c>xdp_md</c> beside a packet, the arguments of a raw tracepoint, the struct of a <c>syscall</c> program.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>How often it runs, to measure it; every run sees what the last one left.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The CPU to run on (raw tracepoints, 5.11); null for the one that the caller happens to be on.</summary>
    public int? Cpu { get; init; }

    /// <summary>True to make the kernel act on what an XDP program returns: packets are sent, redirected and passed on (5.18).</summary>
    public bool LiveFrames { get; init; }

    /// <summary>With live frames, how many packets are in flight at once; 0 for the kernel's 64.</summary>
    public int BatchSize { get; init; }
}
