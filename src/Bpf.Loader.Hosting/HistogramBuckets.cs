using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Bpf.Loader.Hosting;

/// <summary>A log2 histogram as cumulative buckets.</summary>
internal static class HistogramBuckets
{
    /// <summary>A measurement for each slot up to the last one in use, and one for all, cumulative as Prometheus has them.</summary>
    public static void Add(List<Measurement<long>> measurements, Log2Histogram histogram, KeyValuePair<string, object?>[] tags)
    {
        ulong sum = 0;
        ulong all = histogram.Count;
        foreach (Log2Bucket bucket in histogram.Buckets)
        {
            if (sum == all) break;
            sum += bucket.Count;
            if (bucket.To is ulong bound) measurements.Add(Bucket(sum, bound.ToString(CultureInfo.InvariantCulture), tags));
        }

        measurements.Add(Bucket(all, "+Inf", tags));
    }

    private static Measurement<long> Bucket(ulong count, string bound, KeyValuePair<string, object?>[] tags) =>
        new((long)count, [new KeyValuePair<string, object?>("le", bound), .. tags]);
}
