using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>An entry of a map that has a value for each CPU.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="TValue">The type of the value of one CPU.</typeparam>
public readonly ref struct BpfPerCpuEntry<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    internal BpfPerCpuEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> values, int cpuCount)
    {
        Key = MemoryMarshal.Read<TKey>(key);
        Values = new BpfCpuValues<TValue>(values, cpuCount);
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The values, one for each possible CPU.</summary>
    public BpfCpuValues<TValue> Values { get; }

    /// <summary>Takes the entry apart, as <c>foreach (var (key, values) in map)</c> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values, one for each possible CPU.</param>
    public void Deconstruct(out TKey key, out BpfCpuValues<TValue> values)
    {
        key = Key;
        values = Values;
    }
}
