using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Numerics;
using System.Runtime.Versioning;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Hosting;

/// <summary>Reads maps as measurements. A map that was disposed has none.</summary>
[SupportedOSPlatform("linux")]
internal static class MapMeasurements
{
    public static Func<IEnumerable<Measurement<T>>> Of<TKey, TValue, T>(
        BpfMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(measure);
        return () => UnlessDisposed<T>(measurements =>
        {
            foreach (KeyValuePair<TKey, TValue> entry in map) measurements.Add(new Measurement<T>(measure(entry.Value), tags(entry.Key)));
        });
    }

    public static Func<IEnumerable<Measurement<T>>> Of<TKey, TValue, T>(
        BpfPerCpuMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct, IAdditionOperators<T, T, T>
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(measure);
        return () => UnlessDisposed<T>(measurements =>
        {
            foreach ((TKey key, BpfCpuValues<TValue> values) in map)
                measurements.Add(new Measurement<T>(values.Aggregate(default(T), (sum, value) => sum + measure(value)), tags(key)));
        });
    }

    /// <summary>The buckets of a histogram in an array.</summary>
    public static Func<IEnumerable<Measurement<long>>> OfSlots(BpfMap<uint, ulong> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return () => UnlessDisposed<long>(measurements => measurements.AddRange(Log2Buckets.Of(ReadSlots(map))));
    }

    /// <summary>The buckets of a histogram in a per-CPU array.</summary>
    public static Func<IEnumerable<Measurement<long>>> OfSlots(BpfPerCpuMap<uint, ulong> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return () => UnlessDisposed<long>(measurements => measurements.AddRange(Log2Buckets.Of(ReadSlots(map))));
    }

    private static ulong[] ReadSlots(BpfMap<uint, ulong> map)
    {
        ulong[] slots = new ulong[map.Map.MaxEntries];
        foreach ((uint slot, ulong count) in map) slots[slot] = count;
        return slots;
    }

    private static ulong[] ReadSlots(BpfPerCpuMap<uint, ulong> map)
    {
        ulong[] slots = new ulong[map.Map.MaxEntries];
        foreach ((uint slot, ulong count) in map.Sums()) slots[slot] = count;

        return slots;
    }

    private static List<Measurement<T>> UnlessDisposed<T>(Action<List<Measurement<T>>> read)
        where T : struct
    {
        var measurements = new List<Measurement<T>>();
        try
        {
            read(measurements);
        }
        catch (ObjectDisposedException)
        {
            // The instrument outlives the map, for a meter cannot take an instrument back.
        }

        return measurements;
    }
}
