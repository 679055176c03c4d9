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

    /// <summary>The buckets of a histogram.</summary>
    public static Func<IEnumerable<Measurement<long>>> OfHistogram(Func<Log2Histogram> read) =>
        () => UnlessDisposed<long>(measurements => HistogramBuckets.Add(measurements, read(), []));

    /// <summary>The buckets of the histogram of each entry.</summary>
    public static Func<IEnumerable<Measurement<long>>> OfHistograms<TKey, TValue>(
        BpfMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, Log2Histogram> histogram)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(histogram);
        return () => UnlessDisposed<long>(measurements =>
        {
            foreach ((TKey key, TValue value) in map) HistogramBuckets.Add(measurements, histogram(value), tags(key));
        });
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
