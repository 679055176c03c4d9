using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Bpf.Loader.Tests;

public class BpfTextTests
{
    [Theory]
    [InlineData("bash", "bash", true)]
    [InlineData("", "", true)]
    [InlineData("1234567", "1234567", true)]
    [InlineData("12345678", "1234567", false)]
    [InlineData("123456é", "123456", false)]
    [InlineData("12345é", "12345é", true)]
    [InlineData("1234😀", "1234", false)]
    public void A_text_is_written_whole_or_cut_between_characters(string text, string expected, bool fits)
    {
        byte[] array = [.. Enumerable.Repeat((byte)0xff, 8)];
        Assert.Equal(fits, BpfText.Write(text, array));
        Assert.Equal(expected, BpfText.Read(array));
        Assert.All(array[Encoding.UTF8.GetByteCount(expected)..], rest => Assert.Equal(0, rest));
    }

    [Fact]
    public void A_text_ends_with_its_array_when_no_NUL_ends_it() => Assert.Equal("abc", BpfText.Read("abc"u8));

    [Fact]
    public void What_is_behind_the_NUL_is_no_text() => Assert.Equal("ab", BpfText.Read("ab\0cd"u8));

    [Fact]
    public void Bytes_that_are_no_UTF8_do_not_throw() => Assert.Equal("a\ufffdb", BpfText.Read([(byte)'a', 0xff, (byte)'b']));

    [Fact]
    public void An_array_without_room_takes_the_empty_text_only()
    {
        Assert.True(BpfText.Write("", Span<byte>.Empty));
        Assert.False(BpfText.Write("a", Span<byte>.Empty));
    }
}
