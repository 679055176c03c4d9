using System;
using Bpf.Tool.Commands;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class DurationParserTests
{
    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("5", 5000)]
    [InlineData("500ms", 500)]
    [InlineData("0.5s", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Times_are_read_with_their_units(string text, int milliseconds)
    {
        Assert.True(DurationParser.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("1e9h")]
    [InlineData("99999999999999h")]
    [InlineData("NaN")]
    public void What_is_no_time_is_refused(string text) => Assert.False(DurationParser.TryParse(text, out _));
}
