using System;
using System.IO;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests;

public class Log2HistogramTests
{
    [Fact]
    public void It_is_drawn_as_bcc_draws_it()
    {
        // What print_log2_hist() of bcc's libbpf-tools prints of these slots.
        Assert.Equal(
            """
                 usecs               : count    distribution
                     0 -> 1          : 0        |                                        |
                     2 -> 3          : 20       |*************                           |
                     4 -> 7          : 60       |****************************************|
                     8 -> 15         : 7        |****                                    |

            """,
            Draw(new Log2Histogram([0ul, 20, 60, 7, 0, 0]), "usecs"));
        Assert.Equal("usecs: nothing was counted\n", Draw(new Log2Histogram(4), "usecs"));
    }

    [Fact]
    public void Large_values_have_room()
    {
        var histogram = new Log2Histogram();
        histogram.Add(1ul << 33, 3);
        histogram.Add(ulong.MaxValue);
        string[] lines = Draw(histogram, "ns").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(65, lines.Length);
        Assert.Equal($"{"",15}{"ns",-29} : count    distribution", lines[0]);
        Assert.Equal($"{1ul << 33,20} -> {(1ul << 34) - 1,-20} : {3,-8} |{new string('*', 20)}|", lines[34]);
        Assert.Equal($"{1ul << 63,20} -> {ulong.MaxValue,-20} : {1,-8} |{new string('*', 6),-20}|", lines[64]);
        Assert.Equal(lines[33].Length, lines[1].Length);
    }

    [Fact]
    public void Each_value_is_within_the_bounds_of_its_slot() => Prop.ForAll<ulong>(value =>
    {
        var histogram = new Log2Histogram();
        histogram.Add(value);
        Log2Bucket bucket = Assert.Single(histogram.Buckets, static each => each.Count == 1);
        Assert.InRange(value, bucket.From, bucket.To ?? ulong.MaxValue);
        Assert.Equal(1ul, histogram[Log2Histogram.SlotOf(value)]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Percentiles_are_right_but_for_a_factor_of_two() => Prop.ForAll<ushort[], byte>((values, percent) =>
    {
        var histogram = new Log2Histogram(16);
        foreach (ushort value in values) histogram.Add(value);
        double wanted = percent % 101, estimate = histogram.EstimatePercentile(wanted);
        if (values.Length == 0)
        {
            Assert.True(double.IsNaN(estimate));
            return;
        }

        ushort[] sorted = [.. values.Order()];
        ushort right = sorted[Math.Max(0, (int)Math.Ceiling(wanted / 100 * values.Length) - 1)];
        Assert.Equal(Log2Histogram.SlotOf(right), Math.Min(15, Log2Histogram.SlotOf((ulong)estimate)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Estimates_lie_between_the_bounds()
    {
        var histogram = new Log2Histogram(8);
        histogram.Add(40, 100); // 32 to 63
        Assert.Equal(32 + (0.5 * 31), histogram.EstimatePercentile(50));
        Assert.Equal(63, histogram.EstimatePercentile(100));
        Assert.Equal(47.5, histogram.EstimateMean());
        histogram.Add(1_000_000, 900); // the last slot takes it, and has no upper bound
        Assert.Equal((null, 900ul), (histogram.Buckets[7].To, histogram.Buckets[7].Count));
        Assert.Equal(128, histogram.EstimatePercentile(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.EstimatePercentile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.EstimatePercentile(101));
    }

    [Fact]
    public void Histograms_add_up_and_tell_what_is_new()
    {
        var before = new Log2Histogram([5u, 6, 7]);
        var after = new Log2Histogram([5ul, 8, 2]);
        Log2Histogram since = after.Since(before); // the last slot was cleared meanwhile
        Assert.Equal([0ul, 2, 2], since.Buckets.Select(static each => each.Count));
        before.Add(after);
        Assert.Equal(33ul, before.Count);
        Assert.Throws<ArgumentException>(() => before.Add(new Log2Histogram(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Log2Histogram(new ulong[65]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Log2Histogram(ReadOnlySpan<ulong>.Empty));
    }

    private static string Draw(Log2Histogram histogram, string unit)
    {
        var text = new StringWriter { NewLine = "\n" };
        histogram.Print(text, unit);
        return text.ToString();
    }
}
