using System;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Tool.Commands;
using Bpf.Tool.Maps;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>JSON as values of types that are not those of the bytes: beyond the end, or nested in themselves.</summary>
public class UntrueTypesTests
{
    private readonly BtfBuilder _types = new();

    [Theory]
    [InlineData("{\"far\":1}")]
    [InlineData("{\"bits\":1}")]
    [InlineData("{\"list\":[1,2,3]}")]
    [InlineData("{\"pointer\":1}")]
    public void A_member_beyond_the_end_is_refused(string json)
    {
        BtfTypeId number = _types.AddInt("int", 4, BtfIntEncoding.Signed), array = _types.AddArray(number, number, 3), pointer = _types.AddPointer(number);
        BtfTypeId type = _types.AddStruct("s", 8);
        _types.AddMember("far", number, 0xffff00);
        _types.AddMember("list", array, 0);
        _types.AddMember("pointer", pointer, 32);
        _types.AddMember("bits", number, 62, 5);
        BtfReader btf = _types.ToReader();
        using JsonDocument document = JsonDocument.Parse(json);
        Refused(() => BtfJsonParser.Parse(btf, type, document.RootElement, new byte[8]));
    }

    [Fact]
    public void An_anonymous_struct_in_itself_is_refused()
    {
        BtfTypeId type = _types.AddStruct("s", 8);
        _types.AddMember(null, type, 0);
        BtfReader btf = _types.ToReader();
        Refused(() => MemberSearch.TryFind(btf, btf[type], "x"u8, out _, out _));
    }

    [Fact]
    public void Anonymous_structs_that_double_at_each_level_are_refused()
    {
        BtfTypeId inner = _types.AddStruct(null, 8);
        for (int i = 0; i < 40; i++)
        {
            BtfTypeId next = _types.AddStruct(null, 8);
            _types.AddMember(null, inner, 0);
            _types.AddMember(null, inner, 0);
            inner = next;
        }

        BtfReader btf = _types.ToReader();
        Refused(() => MemberSearch.TryFind(btf, btf[inner], "x"u8, out _, out _));
    }

    private static void Refused(Action parse) => Assert.NotEmpty(Assert.Throws<FormatException>(parse).Message);
}
