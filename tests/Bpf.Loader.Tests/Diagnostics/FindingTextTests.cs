using System;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

/// <summary>The place of a finding is seen however long its line is.</summary>
public sealed class FindingTextTests
{
    private const string Long = "\tif (first_condition(a, b, c) && second_condition(d, e, f)) value->counter_of_all_packets += 1; else other();";

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void The_marked_place_of_a_long_line_is_shown(int width)
    {
        int at = Long.IndexOf("value->", StringComparison.Ordinal);
        string[] lines = At(Long, at + 1).ToString(width).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        int mark = lines[3].IndexOf('^', StringComparison.Ordinal);
        Assert.StartsWith("value->", lines[2][mark..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_at_either_end_of_a_line_is_shown()
    {
        foreach (int at in (int[])[1, Long.Length - 1])
        {
            string[] lines = At(Long, at + 1).ToString(60).Split('\n');
            Assert.Equal(Long[at], lines[2][lines[3].IndexOf('^', StringComparison.Ordinal)]);
        }
    }

    // Compilers give no column to the line that a function begins in.
    [Fact]
    public void Without_a_column_the_function_is_marked()
    {
        string[] lines = At("static __noinline int middle(int x)", 0, "middle").ToString(60).Split('\n');
        Assert.Equal("middle(int x)", lines[2][lines[3].IndexOf('^', StringComparison.Ordinal)..]);
        Assert.DoesNotContain("^", At("return 0;", 0, "middle").ToString(60), StringComparison.Ordinal);
    }

    private static BpfFinding At(string text, int column, string symbol = "count") => new()
    {
        Id = BpfDiagnosticId.PointerMayBeNull,
        What = "It may be NULL.",
        Place = new BpfLocation(Symbol: symbol, SourceFile: "a.bpf.c", SourceLine: 12, SourceText: text, SourceColumn: column),
    };
}
