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

    [Theory]
    [InlineData("plain name_1.2", "plain name_1.2")]
    [InlineData("größe \U0001F600 \u200d", "größe \U0001F600 \u200d")]
    [InlineData("\u001b[31mred\u001b]0;t\a", @"\x1b[31mred\x1b]0;t\x07")]
    [InlineData("a\nb\tc\rd", @"a\x0ab\x09c\x0dd")]
    [InlineData("\u007f\u0085\u009b31m", @"\x7f\x85\x9b31m")]
    [InlineData("x\u2028y\u2029z", @"x\u2028y\u2029z")]
    [InlineData("q\u202egpj\u2066\u061c\u200e\ufeff\u00ad", @"q\u202egpj\u2066\u061c\u200e\ufeff\xad")]
    [InlineData("tag \U000E0041.", @"tag \U000e0041.")]
    public void What_acts_on_a_terminal_is_written_as_an_escape(string text, string expected) => Assert.Equal(expected, BpfText.Printable(text));

    // Tests cannot be named by it: half of a character.
    [Fact]
    public void Half_a_character_is_written_as_an_escape() => Assert.Equal(@"a\ud83d", BpfText.Printable("a\ud83d"));

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
