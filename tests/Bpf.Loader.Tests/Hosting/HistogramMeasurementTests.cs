using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Hosting;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests.Hosting;

[SupportedOSPlatform("linux")]
public class HistogramMeasurementTests
{
    [Fact]
    public void Buckets_say_how_many_values_are_not_greater_than_their_bound() => Prop.ForAll<ushort[]>(values =>
    {
        // As a program would count them: the slot is the place of the highest bit.
        ulong[] slots = new ulong[17];
        foreach (ushort value in values) slots[value == 0 ? 0 : int.Log2(value)]++;
        foreach (var bucket in Measure(slots))
        {
            string bound = (string)bucket.Tags[0].Value!;
            Assert.Equal("le", bucket.Tags[0].Key);
            Assert.Equal(values.Count(value => bound == "+Inf" || value <= long.Parse(bound, System.Globalization.CultureInfo.InvariantCulture)), bucket.Value);
        }

        Assert.Equal("+Inf", Measure(slots)[^1].Tags[0].Value);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_last_slot_has_no_bound() => Assert.Equal(["1", "3", "+Inf"], Measure(1, 2, 3).Select(bucket => bucket.Tags[0].Value));

    [Fact]
    public void A_slot_of_64_bits_has_a_bound() =>
        Assert.Equal("18446744073709551615", Measure([.. Enumerable.Repeat(0UL, 63), 1])[^2].Tags[0].Value);

    [Fact]
    public void Tags_go_with_each_bucket()
    {
        var measurements = new List<Measurement<long>>();
        HistogramBuckets.Add(measurements, new Log2Histogram([1ul, 0]), [new("device", "sda")]);
        Assert.All(measurements, static each => Assert.Equal("sda", each.Tags[1].Value));
        Assert.Equal(2, measurements.Count);
    }

    private static List<Measurement<long>> Measure(params ReadOnlySpan<ulong> slots)
    {
        var measurements = new List<Measurement<long>>();
        HistogramBuckets.Add(measurements, new Log2Histogram(slots), []);
        return measurements;
    }
}
