using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>An entry of a map that has a value for each CPU.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="TValue">The type of the value of one CPU.</typeparam>
public readonly ref struct BpfPerCpuEntry<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly ReadOnlySpan<byte> _values;

    internal BpfPerCpuEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> values, int cpuCount)
    {
        Key = MemoryMarshal.Read<TKey>(key);
        _values = values;
        CpuCount = cpuCount;
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>How many values there are: one for each possible CPU.</summary>
    public int CpuCount { get; }

    /// <summary>The value of a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    public TValue this[int cpu]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)CpuCount, nameof(cpu));
            return MemoryMarshal.Read<TValue>(_values[(cpu * ((Unsafe.SizeOf<TValue>() + 7) & ~7))..]);
        }
    }

    /// <summary>Copies the values of all CPUs.</summary>
    /// <param name="values">Where they go: <see cref="CpuCount"/> of them.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public void CopyTo(Span<TValue> values)
    {
        if (values.Length < CpuCount)
            throw new ArgumentException($"There are {CpuCount} values and room for {values.Length}.", nameof(values));
        PerCpuValues.Read(_values, values[..CpuCount]);
    }
}
