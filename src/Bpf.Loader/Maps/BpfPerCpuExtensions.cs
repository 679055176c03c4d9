using System;
using System.Numerics;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>Sums over the CPUs, of values that are numbers. A sum wraps as in C.</summary>
public static class BpfPerCpuExtensions
{
    /// <summary>The sum over all CPUs.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="values">The values of an entry.</param>
    public static T Sum<T>(this BpfCpuValues<T> values)
        where T : unmanaged, INumberBase<T>
    {
        T sum = T.Zero;
        foreach (T value in values)
            sum = unchecked(sum + value);
        return sum;
    }

    /// <summary>The map as one that has for each key the sum over all CPUs.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="map">The map.</param>
    [SupportedOSPlatform("linux")]
    public static BpfPerCpuSums<TKey, T, T> Sums<TKey, T>(this BpfPerCpuMap<TKey, T> map)
        where TKey : unmanaged
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Sums(static value => value);
    }
}
