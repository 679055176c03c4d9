using System;

namespace Bpf.Loader.Maps;

/// <summary>Makes flags that carry a number.</summary>
public static class BpfElementFlagsExtensions
{
    /// <summary>The flags for the value of one CPU: <c>BPF_F_CPU</c> with its number (newer than 6.18).</summary>
    public static BpfElementFlags ForCpu(this BpfElementFlags flags, int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        return flags | BpfElementFlags.Cpu | (BpfElementFlags)((ulong)cpu << 32);
    }
}
