using System;

namespace Bpf.Loader.Buffers;

/// <summary>A record of a perf buffer.</summary>
public readonly ref struct PerfRecord
{
    internal PerfRecord(int cpu, ReadOnlySpan<byte> data)
    {
        Cpu = cpu;
        Data = data;
    }

    /// <summary>The CPU on which the program ran.</summary>
    public int Cpu { get; }

    /// <summary>The bytes that the program sent, and up to 7 more: the kernel pads them to 8, with the 4 bytes of their size, and does not say by how many.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
