using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Numerics;
using System.Runtime.Versioning;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Hosting;

/// <summary>Instruments whose measurements are the entries of a map: they are read when somebody collects.</summary>
[SupportedOSPlatform("linux")]
public static class BpfMeterExtensions
{
    /// <summary>A counter of which each entry of a map is a measurement.</summary>
    /// <typeparam name="TKey">The type of the map's keys.</typeparam>
    /// <typeparam name="TValue">The type of the map's values.</typeparam>
    /// <typeparam name="T">What is measured: a number that only grows.</typeparam>
    /// <param name="meter">The meter.</param>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="map">The map.</param>
    /// <param name="tags">Tells the tags of a measurement by its key.</param>
    /// <param name="measure">Tells the measurement by the value.</param>
    /// <param name="unit">The unit, such as <c>By</c> or <c>{packet}</c>.</param>
    /// <param name="description">What it tells.</param>
    public static ObservableCounter<T> CreateObservableCounter<TKey, TValue, T>(
        this Meter meter, string name, BpfMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure,
        string? unit = null, string? description = null)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateObservableCounter(name, MapMeasurements.Of(map, tags, measure), unit, description);
    }

    /// <summary>A counter of which each entry of a per-CPU map, summed over the CPUs, is a measurement.</summary>
    /// <inheritdoc cref="CreateObservableCounter{TKey, TValue, T}(Meter, string, BpfMap{TKey, TValue}, Func{TKey, KeyValuePair{string, object?}[]}, Func{TValue, T}, string?, string?)"/>
    public static ObservableCounter<T> CreateObservableCounter<TKey, TValue, T>(
        this Meter meter, string name, BpfPerCpuMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure,
        string? unit = null, string? description = null)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct, IAdditionOperators<T, T, T>
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateObservableCounter(name, MapMeasurements.Of(map, tags, measure), unit, description);
    }

    /// <summary>A gauge of which each entry of a map is a measurement.</summary>
    /// <inheritdoc cref="CreateObservableCounter{TKey, TValue, T}(Meter, string, BpfMap{TKey, TValue}, Func{TKey, KeyValuePair{string, object?}[]}, Func{TValue, T}, string?, string?)"/>
    public static ObservableGauge<T> CreateObservableGauge<TKey, TValue, T>(
        this Meter meter, string name, BpfMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure,
        string? unit = null, string? description = null)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateObservableGauge(name, MapMeasurements.Of(map, tags, measure), unit, description);
    }

    /// <summary>A gauge of which each entry of a per-CPU map, summed over the CPUs, is a measurement.</summary>
    /// <inheritdoc cref="CreateObservableCounter{TKey, TValue, T}(Meter, string, BpfMap{TKey, TValue}, Func{TKey, KeyValuePair{string, object?}[]}, Func{TValue, T}, string?, string?)"/>
    public static ObservableGauge<T> CreateObservableGauge<TKey, TValue, T>(
        this Meter meter, string name, BpfPerCpuMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags, Func<TValue, T> measure,
        string? unit = null, string? description = null)
        where TKey : unmanaged
        where TValue : unmanaged
        where T : struct, IAdditionOperators<T, T, T>
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateObservableGauge(name, MapMeasurements.Of(map, tags, measure), unit, description);
    }

    /// <summary>
    /// A log2 histogram that a program keeps in an array: slot <c>n</c> counts the values from 2ⁿ up to 2ⁿ⁺¹ - 1, slot 0 also the
    /// zeros, and the last one all that are greater.
    /// </summary>
    /// <param name="meter">The meter.</param>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="slots">The array.</param>
    /// <param name="unit">The unit of the measured values, such as <c>us</c>; the instrument itself counts.</param>
    /// <param name="description">What it tells.</param>
    /// <returns>
    /// A counter with a measurement a slot, each with the tag <c>le</c>: how many values were not greater than that. So are the
    /// buckets of Prometheus, and what calculates quantiles of these can calculate them of it. .NET has no observable histogram.
    /// </returns>
    public static ObservableCounter<long> CreateObservableLog2Histogram(
        this Meter meter, string name, BpfMap<uint, ulong> slots, string? unit = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(slots);
        return meter.CreateObservableCounter(name, MapMeasurements.OfHistogram(() => Log2Histogram.Read(slots)), unit, description);
    }

    /// <summary>A log2 histogram that a program keeps in a per-CPU array, summed over the CPUs.</summary>
    /// <inheritdoc cref="CreateObservableLog2Histogram(Meter, string, BpfMap{uint, ulong}, string?, string?)"/>
    public static ObservableCounter<long> CreateObservableLog2Histogram(
        this Meter meter, string name, BpfPerCpuMap<uint, ulong> slots, string? unit = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(slots);
        return meter.CreateObservableCounter(name, MapMeasurements.OfHistogram(() => Log2Histogram.Read(slots)), unit, description);
    }

    /// <summary>Log2 histograms that are the values of a map, such as one for each device.</summary>
    /// <typeparam name="TKey">The type of the map's keys.</typeparam>
    /// <typeparam name="TValue">The type of the map's values.</typeparam>
    /// <param name="meter">The meter.</param>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="map">The map.</param>
    /// <param name="tags">Tells the tags of a histogram by its key; <c>le</c> comes with each.</param>
    /// <param name="histogram">Tells the histogram by the value, as in <c>value => new Log2Histogram(value.Counts)</c>.</param>
    /// <param name="unit">The unit of the measured values, such as <c>us</c>; the instrument itself counts.</param>
    /// <param name="description">What it tells.</param>
    /// <returns>A counter with a measurement for each slot of each histogram.</returns>
    public static ObservableCounter<long> CreateObservableLog2Histogram<TKey, TValue>(
        this Meter meter, string name, BpfMap<TKey, TValue> map, Func<TKey, KeyValuePair<string, object?>[]> tags,
        Func<TValue, Log2Histogram> histogram, string? unit = null, string? description = null)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateObservableCounter(name, MapMeasurements.OfHistograms(map, tags, histogram), unit, description);
    }
}
