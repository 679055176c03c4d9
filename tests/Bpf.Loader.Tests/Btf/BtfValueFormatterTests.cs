using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

public class BtfValueFormatterTests
{
    private readonly BtfBuilder _types = new();

    public static TheoryData<string> Objects() => TestData.GoodObjects();

    private static string Json(BtfReader btf, BtfTypeId id, ReadOnlySpan<byte> data, BtfValueFormatOptions? options = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) new BtfValueFormatter(btf, options).WriteJson(writer, id, data);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Shows(BtfTypeId id, byte[] data, string json, string text)
    {
        BtfReader btf = _types.ToReader();
        Assert.Equal(json, Json(btf, id, data));
        Assert.Equal(text, new BtfValueFormatter(btf).Format(id, data));
    }

    [Fact]
    public void Numbers_are_shown_as_their_type_means_them()
    {
        Shows(_types.AddInt("int", 4, BtfIntEncoding.Signed), [0xfe, 0xff, 0xff, 0xff], "-2", "-2");
        Shows(_types.AddInt("unsigned int", 4), [0xfe, 0xff, 0xff, 0xff], "4294967294", "4294967294");
        Shows(_types.AddInt("unsigned long", 8), [.. Enumerable.Repeat((byte)0xff, 8)], "18446744073709551615", "18446744073709551615");
        Shows(_types.AddInt("_Bool", 1, BtfIntEncoding.Bool), [1], "true", "true");
        Shows(_types.AddInt("char", 1, BtfIntEncoding.Signed), [65], "65", "'A'");
        Shows(_types.AddInt("char", 1, BtfIntEncoding.Signed), [7], "7", "7");
        Shows(_types.AddInt("__int128", 16), [1, .. new byte[14], 0x80], "\"0x80000000000000000000000000000001\"", "0x80000000000000000000000000000001");
        Shows(_types.AddFloat("double", 8), BitConverter.GetBytes(1.5), "1.5", "1.5");
        Shows(_types.AddFloat("float", 4), BitConverter.GetBytes(0.1f), "0.1", "0.1");
        Shows(_types.AddFloat("double", 8), BitConverter.GetBytes(double.NaN), "\"NaN\"", "NaN");
        Shows(_types.AddFloat("_Float16", 2), [0, 0x3c], "1", "1");
        Shows(_types.AddPointer(default), BitConverter.GetBytes(0xffff888000000000), "\"0xffff888000000000\"", "0xffff888000000000");
        Shows(_types.AddTypedef("alias", _types.AddConst(new BtfTypeId(1))), [5, 0, 0, 0], "5", "5");
        Shows(_types.AddVariable("v", BtfLinkage.Global, new BtfTypeId(1)), [5, 0, 0, 0], "5", "5");
    }

    [Fact]
    public void Enums_are_shown_by_name()
    {
        BtfTypeId id = _types.AddEnum("color");
        _types.AddEnumerator("RED", 3);
        _types.AddEnumerator("TOP", 0xffffffff);
        Shows(id, [3, 0, 0, 0], "\"RED\"", "RED");
        Shows(id, [255, 255, 255, 255], "\"TOP\"", "TOP");
        Shows(id, [4, 0, 0, 0], "4", "4");
        BtfTypeId signed = _types.AddEnum("signed", 1, isSigned: true);
        _types.AddEnumerator("LESS", -1);
        Shows(signed, [255], "\"LESS\"", "LESS");
        Shows(signed, [254], "-2", "-2");
        BtfTypeId wide = _types.AddEnum64("wide");
        _types.AddEnumerator("BIG", 1L << 40);
        Shows(wide, BitConverter.GetBytes(1L << 40), "\"BIG\"", "BIG");
    }

    [Fact]
    public void Structs_show_their_members()
    {
        BtfTypeId number = _types.AddInt("unsigned int", 4), letter = _types.AddInt("char", 1, BtfIntEncoding.Signed);
        BtfTypeId small = _types.AddInt("unsigned char", 1), signed = _types.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId name = _types.AddArray(letter, number, 8), numbers = _types.AddArray(number, number, 2), bytes = _types.AddArray(small, number, 4);
        BtfTypeId inner = _types.AddUnion(null, 4);
        _types.AddMember("one", number, 0);
        _types.AddMember("other", bytes, 0);
        BtfTypeId outer = _types.AddStruct("outer", 28);
        _types.AddMember("pid", number, 0);
        _types.AddMember("name", name, 32);
        _types.AddMember("low", number, 96, 3);
        _types.AddMember("high", signed, 99, 5);
        _types.AddMember(null, inner, 128);
        _types.AddMember("list", numbers, 160);
        byte[] data = [12, 0, 0, 0, .. "a\"b\0zzz\0"u8, 0b11110_101, 0, 0, 0, 1, 2, 3, 4, 9, 0, 0, 0, 10, 0, 0, 0];
        Shows(outer, data,
            """{"pid":12,"name":"a\u0022b","low":5,"high":-2,"one":67305985,"other":[1,2,3,4],"list":[9,10]}""",
            """{pid=12, name="a\"b", low=5, high=-2, one=67305985, other=[01 02 03 04], list=[9, 10]}""");
    }

    [Fact]
    public void Short_data_are_shown_as_far_as_they_go()
    {
        BtfTypeId number = _types.AddInt("unsigned int", 4), letter = _types.AddInt("char", 1);
        BtfTypeId array = _types.AddArray(letter, number, 8), inner = _types.AddStruct("inner", 8);
        _types.AddMember("x", number, 0);
        _types.AddMember("y", number, 32);
        BtfTypeId outer = _types.AddStruct("outer", 20);
        _types.AddMember("a", number, 0);
        _types.AddMember("in", inner, 32);
        _types.AddMember("text", array, 96);
        byte[] data = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, .. "abcdefgh"u8];
        BtfReader btf = _types.ToReader();
        Assert.Equal("""{"_truncated":true}""", Json(btf, outer, []));
        Assert.Equal("""{"a":null,"_truncated":true}""", Json(btf, outer, data.AsSpan(0, 3)));
        Assert.Equal("""{"a":1,"_truncated":true}""", Json(btf, outer, data.AsSpan(0, 4)));
        Assert.Equal("""{"a":1,"in":{"x":2,"_truncated":true},"_truncated":true}""", Json(btf, outer, data.AsSpan(0, 8)));
        Assert.Equal("""{"a":1,"in":{"x":2,"y":3},"text":"ab","_truncated":true}""", Json(btf, outer, data.AsSpan(0, 14)));
        Assert.Equal("""{"a":1,"in":{"x":2,"y":3},"text":"abcdefgh"}""", Json(btf, outer, data));
        Assert.Equal("{a=1, ...truncated}", new BtfValueFormatter(btf).Format(outer, data.AsSpan(0, 4)));
        Assert.Equal("null", Json(btf, number, data.AsSpan(0, 3)));
        Assert.Equal("...truncated", new BtfValueFormatter(btf).Format(number, []));
    }

    [Fact]
    public void A_flexible_array_takes_what_is_left()
    {
        BtfTypeId number = _types.AddInt("unsigned int", 4);
        BtfTypeId rest = _types.AddArray(number, number, 0), outer = _types.AddStruct("outer", 4);
        _types.AddMember("n", number, 0);
        _types.AddMember("rest", rest, 32);
        Shows(outer, [2, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0], """{"n":2,"rest":[7,8]}""", "{n=2, rest=[7, 8]}");
        Shows(outer, [0, 0, 0, 0], """{"n":0,"rest":[]}""", "{n=0, rest=[]}");
    }

    [Fact]
    public void Text_that_is_no_text_is_escaped()
    {
        BtfTypeId letter = _types.AddInt("char", 1), array = _types.AddArray(letter, letter, 6);
        Shows(array, [0xff, (byte)'a', 10, 0xc3, 0xa9, 1], "\"\\uFFFDa\\n\\u00E9\\u0001\"", "\"\\xffa\\né\\x01\"");
    }

    [Fact]
    public void Limits_end_what_would_not_end()
    {
        BtfTypeId nothing = _types.AddStruct("nothing", 0);
        BtfTypeId many = _types.AddArray(nothing, nothing, uint.MaxValue);
        BtfTypeId number = _types.AddInt("unsigned char", 1);
        BtfTypeId list = _types.AddArray(_types.AddArray(number, number, 2), number, 5);
        BtfTypeId loop = _types.AddStruct("loop", 8);
        _types.AddMember("self", loop, 0);
        _types.AddMember("again", loop, 0);
        BtfTypeId circle = _types.AddConst(new BtfTypeId(_types.TypeCount));
        BtfReader btf = _types.ToReader();
        var few = new BtfValueFormatOptions { MaximumElements = 2, MaximumPieces = 1000 };
        Assert.Equal("[{},{}]", Json(btf, many, [], few));
        Assert.Equal("[[01 02], [03 04], ...3 more]", new BtfValueFormatter(btf, few).Format(list, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        Assert.Contains("_truncated", Json(btf, loop, new byte[8], few), StringComparison.Ordinal);
        Assert.Equal("null", Json(btf, circle, new byte[8]));
        Assert.Equal("null", Json(btf, new BtfTypeId(9999), new byte[8]));
        Assert.Equal("null", Json(btf, BtfTypeId.Void, new byte[8]));
    }

    [Theory, MemberData(nameof(Objects))]
    public void Every_type_of_every_object_can_be_shown(string name)
    {
        if (BtfSamples.OfObject(name) is not { } btf) return;
        byte[] data = new byte[512];
        new Random(1).NextBytes(data);
        for (int id = 0; id < btf.TypeCount; id++)
        {
            bool hasSize = btf.TryGetSize(new BtfTypeId(id), out uint size) && size <= data.Length;
            foreach (int length in (int[])[0, 1, 7, 100, hasSize ? (int)size : 64, data.Length])
            {
                using JsonDocument parsed = JsonDocument.Parse(Json(btf, new BtfTypeId(id), data.AsSpan(0, length)));
                Assert.NotEqual("", new BtfValueFormatter(btf).Format(new BtfTypeId(id), data.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void Both_byte_orders_show_the_same()
    {
        BtfReader little = BtfSamples.OfObject("execsnoop.bpf.o")!, big = BtfSamples.OfObject("be/execsnoop.bpf.o")!;
        BtfTypeId one = little.Find("unsigned int", BtfKind.Int), two = big.Find("unsigned int", BtfKind.Int);
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x12345678);
        Assert.Equal("305419896", Json(big, two, bytes));
        Array.Reverse(bytes);
        Assert.Equal("305419896", Json(little, one, bytes));
    }

    [Theory]
    [InlineData(false, new byte[] { 0b10110_101, 0b1 }, 5, 0b110110)]
    [InlineData(true, new byte[] { 0b101_10110, 0b1_0000000 }, 5, 0b101101)]
    public void Bit_fields_count_from_the_end_that_the_byte_order_says(bool big, byte[] data, int first, int second)
    {
        BtfTypeId number = _types.AddInt("unsigned short", 2);
        BtfTypeId fields = _types.AddStruct("fields", 2);
        _types.AddMember("first", number, 0, 3);
        _types.AddMember("second", number, 3, 6);
        byte[] raw = _types.ToArray();
        if (big)
        {
            // The same words the other way round.
            int header = 24 + BitConverter.ToInt32(raw, 12);
            raw.AsSpan(0, 2).Reverse();
            for (int i = 4; i < header; i += 4) raw.AsSpan(i, 4).Reverse();
        }

        // On a big-endian machine bits count from the highest: 101 | 10110 1 | 000 0000.
        Assert.Equal($$"""{"first":{{first}},"second":{{second}}}""", Json(BtfReader.Read(raw), fields, data));
    }
}
