using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Tool.Commands;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class BtfValueParserTests
{
    private readonly BtfBuilder _types = new();

    [Theory]
    [InlineData("0", 1, false, 0)]
    [InlineData("255", 1, false, 255)]
    [InlineData("-1", 1, false, 255)]
    [InlineData("-128", 1, true, 0x80)]
    [InlineData("0xff", 1, false, 255)]
    [InlineData("'A'", 1, false, 65)]
    [InlineData("65535", 2, false, 65535)]
    [InlineData("-2", 4, true, 0xfffffffe)]
    [InlineData("0xffffffff", 4, false, 0xffffffff)]
    [InlineData("18446744073709551615", 8, false, ulong.MaxValue)]
    [InlineData("0x8000000000000000", 8, false, 0x8000000000000000)]
    public void Integers_are_read_as_in_C(string text, int size, bool isSigned, ulong expected)
    {
        byte[] value = new byte[size];
        BtfValueParser.ParseInteger(text, isSigned, value);
        Assert.Equal(expected, Number(value));
    }

    [Theory]
    [InlineData("256", 1, false)]
    [InlineData("-129", 1, false)]
    [InlineData("128", 1, true)]
    [InlineData("4294967296", 4, false)]
    [InlineData("18446744073709551616", 8, false)]
    [InlineData("", 4, false)]
    [InlineData("-", 4, false)]
    [InlineData("0x", 4, false)]
    [InlineData("1.5", 4, false)]
    [InlineData("1 ", 4, false)]
    [InlineData("one", 4, false)]
    public void What_does_not_fit_or_is_no_integer_is_refused(string text, int size, bool isSigned) =>
        Assert.Throws<FormatException>(() => BtfValueParser.ParseInteger(text, isSigned, new byte[size]));

    [Theory]
    [InlineData("true", 1)]
    [InlineData("1", 1)]
    [InlineData("false", 0)]
    [InlineData("0", 0)]
    public void Booleans_have_two_values(string text, ulong expected) =>
        Assert.Equal(expected, Parse(_types.AddInt("bool", 1, BtfIntEncoding.Bool), text, 1));

    [Fact]
    public void A_boolean_is_not_2() =>
        Assert.Throws<FormatException>(() => Parse(_types.AddInt("bool", 1, BtfIntEncoding.Bool), "2", 1));

    [Fact]
    public void Qualifiers_and_typedefs_change_nothing()
    {
        BtfTypeId type = _types.AddConst(_types.AddVolatile(_types.AddTypedef("u16", _types.AddInt("unsigned short", 2, 0))));
        Assert.Equal(513UL, Parse(type, "513", 2));
    }

    [Theory]
    [InlineData("COLOR_GREEN", 7)]
    [InlineData("9", 9)]
    public void Enumerators_are_known_by_name_and_by_number(string text, ulong expected)
    {
        BtfTypeId type = _types.AddEnum("color", 4, isSigned: false);
        _types.AddEnumerator("COLOR_RED", 1);
        _types.AddEnumerator("COLOR_GREEN", 7);
        Assert.Equal(expected, Parse(type, text, 4));
        FormatException refusal = Assert.Throws<FormatException>(() => Parse(type, "COLOR_BLUE", 4));
        Assert.Contains("COLOR_RED, COLOR_GREEN", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_fill_their_array_and_leave_room_for_the_terminator()
    {
        BtfTypeId character = _types.AddInt("char", 1, BtfIntEncoding.Signed);
        BtfTypeId type = _types.AddArray(character, character, 4);
        byte[] value = [9, 9, 9, 9];
        BtfValueParser.Parse(Types(), type, "ab", value);
        Assert.Equal("ab\0\0", Encoding.ASCII.GetString(value));
        BtfValueParser.Parse(Types(), type, "abc", value);
        Assert.Equal("abc\0", Encoding.ASCII.GetString(value));
        Assert.Throws<FormatException>(() => BtfValueParser.Parse(Types(), type, "abcd", value));
    }

    [Fact]
    public void Arrays_take_values_with_commas_and_zero_the_rest()
    {
        BtfTypeId element = _types.AddInt("unsigned short", 2, 0);
        BtfTypeId type = _types.AddArray(element, element, 3);
        byte[] value = [9, 9, 9, 9, 9, 9];
        BtfValueParser.Parse(Types(), type, "80, 443", value);
        Assert.Equal(new ushort[] { 80, 443, 0 }, MemoryMarshal.Cast<byte, ushort>(value).ToArray());
        Assert.Throws<FormatException>(() => BtfValueParser.Parse(Types(), type, "1,2,3,4", value));
    }

    [Fact]
    public void Pointers_cannot_be_set() =>
        Assert.Throws<FormatException>(() => Parse(_types.AddPointer(default), "1", 8));

    private BtfReader Types() => BtfReader.Read(_types.ToArray());

    private ulong Parse(BtfTypeId type, string text, int size)
    {
        byte[] value = new byte[size];
        BtfValueParser.Parse(Types(), type, text, value);
        return Number(value);
    }

    private static ulong Number(byte[] value)
    {
        byte[] wide = new byte[8];
        value.CopyTo(wide, BitConverter.IsLittleEndian ? 0 : 8 - value.Length);
        return BitConverter.ToUInt64(wide);
    }
}
