using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Bpf.Loader.Hosting;

/// <summary>The slots of a log2 histogram as cumulative buckets.</summary>
internal static class Log2Buckets
{
    /// <summary>A measurement for each slot up to the last one in use, and one for all.</summary>
    public static List<Measurement<long>> Of(ReadOnlySpan<ulong> slots)
    {
        var measurements = new List<Measurement<long>>();
        int used = slots.TrimEnd(0ul).Length;
        ulong sum = 0;
        for (int slot = 0; slot < used; slot++)
        {
            sum += slots[slot];
            // What is in the last slot has no upper bound.
            if (slot < slots.Length - 1) measurements.Add(Bucket(sum, UpperBound(slot).ToString(CultureInfo.InvariantCulture)));
        }

        measurements.Add(Bucket(sum, "+Inf"));
        return measurements;
    }

    private static UInt128 UpperBound(int slot) => (UInt128.One << (slot + 1)) - 1;

    private static Measurement<long> Bucket(ulong count, string bound) =>
        new((long)count, new KeyValuePair<string, object?>("le", bound));
}
