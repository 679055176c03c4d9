using Xunit;

namespace Bpf.Loader.Tests;

public sealed class CIntegerTests
{
    [Theory]
    [InlineData("0", 0, 1)]
    [InlineData("16", 16, 2)]
    [InlineData("+16", 16, 3)]
    [InlineData("-16", -16, 3)]
    [InlineData("0x10", 16, 4)]
    [InlineData("0XfF", 255, 4)]
    [InlineData("020", 16, 3)]
    [InlineData("089", 0, 1)] // octal ends at the 8
    [InlineData("0x", 0, 1)] // the x is not part of the number
    [InlineData("0xg", 0, 1)]
    [InlineData(" 7 rest", 7, 2)]
    [InlineData("9223372036854775807", long.MaxValue, 19)]
    [InlineData("-9223372036854775808", long.MinValue, 20)]
    public void Reads_as_strtol_does(string text, long value, int length)
    {
        Assert.True(CInteger.TryRead(text, out long read, out int taken));
        Assert.Equal((value, length), (read, taken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("x1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("0xfffffffffffffffff")]
    public void Refuses_what_is_no_number(string text) => Assert.False(CInteger.TryRead(text, out _, out _));

    [Theory]
    [InlineData("12", true)]
    [InlineData("12 ", false)]
    [InlineData("0x1z", false)]
    public void Parses_only_whole_texts(string text, bool expected) => Assert.Equal(expected, CInteger.TryParse(text, out _));
}
